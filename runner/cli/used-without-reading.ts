import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import { sumUsage } from "../../ledger/domain/usage.ts";
import { MAIN_AGENT } from "../../ledger/domain/window.ts";
import type { LedgerReader } from "../../ledger/store/store.ts";
import { IngestedUsage } from "../../ledger/views/ingested-usage.ts";
import type { WithoutReading } from "../../reports/report/manual-data.ts";
import type { ReportData } from "../../reports/report/report-data.ts";
import { formatCount } from "../../reports/text/number-text.ts";
import { toPlainLine } from "../../reports/text/plain-text.ts";
import { nameOf } from "../tracker/manual-window.ts";

/** A window that logs were read into, in the words of the preview. */
export interface UsedWindow {
  readonly window: string;
  readonly line: string;
  /** Absent for a window that the report has. */
  readonly without?: WithoutReading;
}

/** Manual windows that have usage of logs, but no reading and no end. The report has no row of them. */
export function usedWithoutReading(
  store: LedgerReader,
  { asked, by_hand, ran }: ReportData,
): readonly UsedWindow[] {
  if (asked.experiment_id !== MANUAL_EXPERIMENT) return [];
  const shown = new Set([...(by_hand?.snapshots ?? []), ...ran.schedule].map(keyOf));
  const found = [...new IngestedUsage(store).rows(store)].flatMap(({ window_agent, ...row }) => {
    const { window, attempt, provider, origin, events } = row;
    if (window === null || attempt === null) return [];
    const key = { window, attempt, provider, agent: window_agent ?? MAIN_AGENT };
    const usage = sumUsage(events.map((event) => event.usage));
    return shown.has(keyOf(key)) ? [] : [{ key, name: nameOf(key), origin, usage }];
  });
  const groups = Map.groupBy(found, ({ name, origin }) => `${name} ${origin}`);
  return [...groups.values()].flatMap((own) =>
    own.slice(0, 1).map(({ key, name, origin }) => {
      const tokens = tokensIn("uncached", sumUsage(own.map(({ usage }) => usage)));
      const shownTokens = formatCount(tokens);
      const line = toPlainLine(`Without a reading: ${name}, ${shownTokens} tokens of ${origin}`);
      return { window: key.window, line, without: { ...key, source: origin, tokens } };
    }),
  );
}

function keyOf(row: { window: string | null; provider: string; agent: string | null }): string {
  return JSON.stringify([row.window, row.provider, row.agent ?? MAIN_AGENT]);
}
