import type { WindowLine } from "../evidence/observed-window.ts";
import { intervalText } from "../report/estimate.ts";
import type { ReportData } from "../report/report-data.ts";
import type { ManualFigures, MeterFigures, SnapshotPair } from "../report/results-data.ts";
import { markAffected, markFigure } from "../text/affected-mark.ts";
import { formatFixed, formatSignificant, NOT_AVAILABLE } from "../text/number-text.ts";
import { plainTable } from "../text/plain-table.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { providerCells } from "./shared-lines.ts";

/** The tables of manual windows: providers, capacity by meter, windows, readings. */
export function renderManual(
  { meters, snapshots }: ManualFigures,
  { providers, ran }: ReportData,
): readonly string[] {
  return [
    plainTable([
      ["Provider", "n", "Features", "Quality", "95 % CI", "Files", "Lines"],
      ...providers.map((figures) => {
        const { provider, n, features, quality, interval, churn } = providerCells(figures);
        return [provider, n, features, quality, interval, ...churn];
      }),
    ]),
    meters.length === 0
      ? "Capacity: n/a (no valid window with both readings)"
      : plainTable([
          ["Provider", "Meter", "n", "Capacity", "Efficiency", "95 % CI", "Not proven"],
          ...meters.map(meterCells),
        ]),
    plainTable([
      ["Window", "Provider", "Feature", "Outcome", "Quality", "Counts"],
      ...ran.schedule.map(windowCells),
    ]),
    plainTable([
      ["Readings", "Provider", "Meter", "Before", "After", "Delta"],
      ...snapshots.flatMap(pairCells),
    ]),
  ];
}

function meterCells(figures: MeterFigures): readonly string[] {
  const { provider, meter, unit, n, unproven, used, efficiency, touched_by } = figures;
  const cells = [
    String(n),
    used === null ? NOT_AVAILABLE : `${formatSignificant(used)} ${unit}`,
    efficiency.value === null
      ? NOT_AVAILABLE
      : `${formatSignificant(efficiency.value)} features/100 ${unit}`,
    intervalText(efficiency.ci95),
    String(unproven),
  ];
  return [
    toPlainLine(provider),
    toPlainLine(meter),
    ...cells.map((cell) => markFigure(cell, touched_by)),
  ];
}

function windowCells(line: WindowLine): readonly string[] {
  const { window, provider, feature_id, outcome, quality, state, touched_by } = line;
  return [
    window ?? "",
    toPlainLine(provider),
    toPlainLine(feature_id),
    outcome === null ? "open" : markAffected(outcome, touched_by),
    markFigure(formatFixed(quality, 3), touched_by),
    state === "valid" ? "yes" : "no",
  ];
}

function pairCells(pair: SnapshotPair): readonly (readonly string[])[] {
  const place = [pair.window, toPlainLine(pair.provider)];
  const hasBoth = pair.before_at !== null && pair.after_at !== null;
  if (pair.meters.length === 0) return [[...place, "none read", "", "", ""]];
  return pair.meters.map(({ meter, unit, before, after, delta, flag }) => [
    ...place,
    toPlainLine(meter),
    before === null ? "–" : markAffected(`${before} ${unit}`, pair.touched_by),
    after === null ? "–" : markAffected(`${after} ${unit}`, pair.touched_by),
    hasBoth ? markAffected(sayDelta(delta, flag), pair.touched_by) : "open",
  ]);
}

function sayDelta(delta: number | null, flag: string | null): string {
  return delta === null ? `${NOT_AVAILABLE} (${flag ?? ""})` : `+${delta}`;
}
