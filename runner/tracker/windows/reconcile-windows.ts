import { DIVERGENT } from "../../../ledger/domain/anomaly.ts";
import type { CapacityDelta } from "../../../ledger/domain/window.ts";
import { DIVERGENCE_SHARE } from "../../../ledger/invariants/divergence.ts";
import {
  compareSources,
  divergentClasses,
  type SourceComparison,
  usageIn,
} from "../../../ledger/invariants/reconcile.ts";
import { capacityOf } from "../../../reports/evidence/window-lacks.ts";
import { sayWhichCounts } from "../../../reports/text/divergence-text.ts";
import { idOf, type ManualWindow, rowsOfWindow } from "./manual-window.ts";
import { type Breach, recordBreaches } from "./reading-anomalies.ts";
import type { Tracker } from "./tracker.ts";
import { referenceOf, type SourceUsage, type WindowSources } from "./window-usage.ts";

/** One source of a window, compared with the source that counts. */
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

/** Compares the sources of manual windows, and records what differs too much, if the ledger can be written to. */
export async function reconcileWindows(
  tracker: Tracker,
  unsorted: readonly WindowSources[],
): Promise<readonly ReconciledWindow[]> {
  const windows = unsorted.toSorted((left, right) => (idOf(left.key) < idOf(right.key) ? -1 : 1));
  for (const window of tracker.store.readOnly === undefined ? windows : []) {
    await recordBreaches(tracker, window.key, divergencesIn(window));
  }
  const { view } = tracker.ledger;
  return windows.flatMap(({ key, sources }) => {
    const reference = referenceOf(sources)?.source;
    if (reference === undefined) return [];
    const capacity = capacityOf(rowsOfWindow(view, key));
    return [{ key, reference, sources: compare(sources), capacity }];
  });
}

/** The divergences that a window's sources have now. */
export function divergencesIn({ sources }: WindowSources): readonly Breach[] {
  const counted = referenceOf(sources);
  return compare(sources).flatMap(({ source, lanes, rows, comparison }) => {
    const lane = comparison?.lane ?? null;
    if (counted === undefined || lane === null || comparison?.isDivergent !== true) return [];
    const { source: reference } = counted;
    const kind = `${DIVERGENT}${source}`;
    const observed = {
      reference,
      proxy: usageIn(counted.lanes, lane),
      reported: usageIn(lanes, lane),
      compared: { reference: comparison.reference, source: comparison.source },
      ...divergentClasses(comparison.classes),
      ...(lane === "main" ? { lane } : {}),
    };
    return [{ kind, touches: rows, observed, action: sayWhichCounts({ kind, observed }) }];
  });
}

function compare(sources: readonly SourceUsage[]): readonly ReconciledSource[] {
  const reference = referenceOf(sources);
  return sources.map((source) => ({
    ...source,
    comparison:
      reference === undefined || source === reference
        ? null
        : compareSources({ reference, source }, DIVERGENCE_SHARE),
  }));
}
