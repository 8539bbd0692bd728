import { DIVERGENT } from "../../ledger/domain/anomaly.ts";
import type { CapacityDelta } from "../../ledger/domain/window.ts";
import { DIVERGENCE_SHARE } from "../../ledger/invariants/divergence.ts";
import {
  compareSources,
  type SourceComparison,
  usageIn,
} from "../../ledger/invariants/reconcile.ts";
import { capacityOf } from "../../reports/evidence/window-lacks.ts";
import { idOf, keyOf, type ManualWindow, rowsOfWindow, rowsThatCount } from "./manual-window.ts";
import { recordBreaches } from "./reading-anomalies.ts";
import type { Tracker } from "./tracker.ts";
import { referenceOf, type SourceUsage, usageBySource } from "./window-usage.ts";

/** One source of a window beside the source that counts. */
export interface ReconciledSource extends SourceUsage {
  /** null for the reference itself. */
  readonly comparison: SourceComparison | null;
}

/** Every source of a window side by side. Percents of meters are shown, and compared with nothing. */
export interface ReconciledWindow {
  readonly key: ManualWindow;
  readonly reference: string;
  readonly sources: readonly ReconciledSource[];
  readonly capacity: readonly CapacityDelta[];
}

/** Compares the sources of every manual window that has one, and records what differs too much. */
export async function reconcileWindows(
  tracker: Tracker,
  isWanted: (key: ManualWindow) => boolean,
): Promise<readonly ReconciledWindow[]> {
  const { view } = tracker.ledger;
  const bySource = usageBySource(tracker.store);
  const known = new Map(rowsThatCount(view).map((row) => [idOf(keyOf(row)), keyOf(row)]));
  for (const { key } of bySource.values()) known.set(idOf(key), key);
  const wanted = [...known]
    .filter(([, key]) => isWanted(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const windows = wanted.flatMap(([id, key]): readonly ReconciledWindow[] => {
    const sources = bySource.get(id)?.sources ?? [];
    const reference = referenceOf(sources);
    if (reference === undefined) return [];
    const capacity = capacityOf(rowsOfWindow(view, key));
    const compared = sources.map((source) => ({
      ...source,
      comparison:
        source === reference ? null : compareSources({ reference, source }, DIVERGENCE_SHARE),
    }));
    return [{ key, reference: reference.source, sources: compared, capacity }];
  });
  for (const window of windows) await recordDivergence(tracker, window);
  return windows;
}

async function recordDivergence(
  tracker: Tracker,
  { key, reference, sources }: ReconciledWindow,
): Promise<void> {
  const counted = sources.find(({ source }) => source === reference);
  const breaches = sources.flatMap(({ source, lanes, rows, comparison }) => {
    const lane = comparison?.lane ?? null;
    if (counted === undefined || lane === null || comparison?.isDivergent !== true) return [];
    const observed = {
      reference,
      proxy: usageIn(counted.lanes, lane),
      reported: usageIn(lanes, lane),
      ...(lane === "main" ? { lane } : {}),
    };
    const action = `Both counts are shown. The window counts by ${reference}.`;
    return [{ kind: `${DIVERGENT}${source}`, touches: rows, observed, action }];
  });
  await recordBreaches(tracker, key, breaches);
}
