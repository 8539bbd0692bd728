import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import { sumUsage } from "../../../ledger/domain/usage.ts";
import { MAIN_AGENT } from "../../../ledger/domain/window.ts";
import type { WithoutReading } from "../../../reports/report/manual-data.ts";
import type { ReportData } from "../../../reports/report/report-data.ts";
import { formatCount } from "../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../reports/text/plain-text.ts";
import { nameOf } from "../../tracker/windows/manual-window.ts";
import type { UsageBySource } from "../../tracker/windows/window-usage.ts";

/** A window that logs were read into, in the words of the preview. */
export interface UsedWindow {
  readonly window: string;
  readonly line: string;
  /** Absent for a window that the report has. */
  readonly without?: WithoutReading;
}

/** Manual windows that have usage of logs, but no reading and no end. The report has no row of them. */
export function usedWithoutReading(
  used: UsageBySource,
  { by_hand, ran }: ReportData,
): readonly UsedWindow[] {
  const shown = new Set([...(by_hand?.snapshots ?? []), ...ran.schedule].map(keyOf));
  return [...used.values()]
    .filter(({ key }) => !shown.has(keyOf(key)))
    .flatMap(({ key, sources }) => {
      const read = sources.filter(({ rows }) => rows.length > 0);
      return read.map(({ source, lanes }): UsedWindow => {
        const usage = sumUsage([...lanes.values()]);
        const tokens = tokensIn("uncached", usage);
        const [all, uncached] = [tokensIn("all", usage), tokens].map(formatCount);
        const text = `Without a reading: ${nameOf(key)}, ${all} tokens of ${source} (${uncached} uncached)`;
        return { window: key.window, line: toPlainLine(text), without: { ...key, source, tokens } };
      });
    });
}

function keyOf(row: { window: string | null; provider: string; agent: string | null }): string {
  return JSON.stringify([row.window, row.provider, row.agent ?? MAIN_AGENT]);
}
