import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import { NO_USAGE, sumUsage } from "../../../ledger/domain/usage.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { completionsIn, idOf, keyOf, type ManualWindow, rowsOfWindow } from "./manual-window.ts";
import { referenceOf, type UsageBySource, usageBySource } from "./window-usage.ts";

/** A completed window whose source says other tokens now than when it was completed. */
export interface OutdatedCompletion {
  readonly key: ManualWindow;
  /** null if none has the window any more. */
  readonly source: string | null;
  /** Tokens of all classes, as the window counts. */
  readonly counted: number;
  /** The same, as the source says now. */
  readonly known: number;
}

/** Completed windows whose logs were read, or undone, after they were completed. */
export function outdatedCompletions(
  ledger: LedgerReader,
  view: ExperimentView,
  isWanted: (key: ManualWindow) => boolean,
): readonly OutdatedCompletion[] {
  const completed = completedWindows(view).filter(isWanted);
  return completed.length === 0 ? [] : outdatedIn(usageBySource(ledger), view, completed);
}

/** The same for usage that was read already. */
export function outdatedIn(
  used: UsageBySource,
  view: ExperimentView,
  completed: readonly ManualWindow[] = completedWindows(view),
): readonly OutdatedCompletion[] {
  return completed.flatMap((key) => {
    const reference = referenceOf(used.get(idOf(key))?.sources ?? []);
    const { final } = rowsOfWindow(view, key);
    const counted = tokensIn("all", final?.usage ?? NO_USAGE);
    const known = tokensIn("all", sumUsage([...(reference?.lanes.values() ?? [])]));
    if (counted === known) return [];
    return [{ key, source: reference?.source ?? null, counted, known }];
  });
}

function completedWindows(view: ExperimentView): readonly ManualWindow[] {
  const keys = completionsIn(view).map((row) => keyOf(row));
  return [...new Map(keys.map((key) => [idOf(key), key])).values()];
}
