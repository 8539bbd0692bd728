import { intervalText, qualityIntervalText } from "../format/estimate-text.ts";
import {
  formatCount,
  formatFixed,
  formatSignificant,
  NOT_AVAILABLE,
} from "../format/number-text.ts";
import { plainTable } from "../format/plain-table.ts";
import { toPlainLine } from "../format/plain-text.ts";
import { markTouched } from "../format/touch-mark.ts";
import type { HandWork, MeterFigures, SnapshotPair } from "../report/hand-data.ts";
import type { WindowLine } from "../report/report-data.ts";
import type { ProviderFigures } from "../report/results-data.ts";

/** The tables of windows worked by hand: providers, capacity by meter, windows, readings. */
export function renderHandWork(
  { meters, snapshots }: HandWork,
  providers: readonly ProviderFigures[],
  windows: readonly WindowLine[],
): readonly string[] {
  return [
    plainTable([
      ["Provider", "n", "Features", "Quality", "95 % CI", "Files", "Lines"],
      ...providers.map(providerCells),
    ]),
    meters.length === 0
      ? "Capacity: n/a (no valid window with both readings)"
      : plainTable([
          ["Provider", "Meter", "n", "Capacity", "Efficiency", "95 % CI", "Not proven"],
          ...meters.map(meterCells),
        ]),
    plainTable([
      ["Window", "Provider", "Feature", "Outcome", "Quality", "Counts"],
      ...windows.map(windowCells),
    ]),
    plainTable([
      ["Readings", "Provider", "Meter", "Before", "After", "Delta"],
      ...snapshots.flatMap(pairCells),
    ]),
  ];
}

function providerCells(figures: ProviderFigures): readonly string[] {
  const { provider, windows, features, quality, churn, touched_by } = figures;
  const cells = [
    String(windows.valid),
    String(features),
    formatFixed(quality.value, 3),
    qualityIntervalText(quality.ci95),
    churn.n === 0 ? NOT_AVAILABLE : formatCount(churn.files_changed),
    churn.n === 0 ? NOT_AVAILABLE : `+${churn.insertions} -${churn.deletions}`,
  ];
  return [toPlainLine(provider), ...cells.map((cell) => mark(cell, touched_by))];
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
    ...cells.map((cell) => mark(cell, touched_by)),
  ];
}

function windowCells(line: WindowLine): readonly string[] {
  const { window, provider, feature_id, outcome, quality, state, touched_by } = line;
  return [
    window ?? "",
    toPlainLine(provider),
    toPlainLine(feature_id),
    outcome === null ? "open" : mark(outcome, touched_by),
    mark(formatFixed(quality, 3), touched_by),
    state === "valid" ? "yes" : "no",
  ];
}

function pairCells(pair: SnapshotPair): readonly (readonly string[])[] {
  const place = [pair.window, toPlainLine(pair.provider)];
  if (pair.meters.length === 0) return [[...place, "none read", "", "", ""]];
  return pair.meters.map(({ meter, unit, before, after, delta, flag }) => [
    ...place,
    toPlainLine(meter),
    before === null ? "–" : mark(`${before} ${unit}`, pair.touched_by),
    after === null ? "–" : mark(`${after} ${unit}`, pair.touched_by),
    sayDelta({ delta, flag, isPair: pair.before_at !== null && pair.after_at !== null }, pair),
  ]);
}

function sayDelta(
  { delta, flag, isPair }: { delta: number | null; flag: string | null; isPair: boolean },
  { touched_by }: SnapshotPair,
): string {
  if (!isPair) return "open";
  return mark(delta === null ? `${NOT_AVAILABLE} (${flag ?? ""})` : `+${delta}`, touched_by);
}

function mark(cell: string, touchedBy: readonly number[]): string {
  return cell.startsWith("n/a (") || !cell.includes(NOT_AVAILABLE)
    ? markTouched(cell, touchedBy)
    : cell;
}
