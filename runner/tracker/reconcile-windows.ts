import { DIVERGENT } from "../../ledger/domain/anomaly.ts";
import { sumUsage } from "../../ledger/domain/usage.ts";
import type { CapacityDelta } from "../../ledger/domain/window.ts";
import { DIVERGENCE_SHARE } from "../../ledger/invariants/divergence.ts";
import { compareSources, type SourceComparison } from "../../ledger/invariants/reconcile.ts";
import { capacityOf } from "../../reports/evidence/manual-lacks.ts";
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

/** Sources that leave sub-agents out. */
const MAIN_ONLY: readonly string[] = ["codex-exec"];

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
      comparison: source === reference ? null : compare(reference, source),
    }));
    return [{ key, reference: reference.source, sources: compared, capacity }];
  });
  for (const window of windows) await recordDivergence(tracker, window);
  return windows;
}

function compare(reference: SourceUsage, source: SourceUsage): SourceComparison {
  return compareSources(
    { reference: reference.lanes, source: source.lanes },
    { coversSubagents: !MAIN_ONLY.includes(source.source), share: DIVERGENCE_SHARE },
  );
}

async function recordDivergence(
  tracker: Tracker,
  { key, reference, sources }: ReconciledWindow,
): Promise<void> {
  const counted = sources.find(({ source }) => source === reference);
  const divergent = sources.filter(({ comparison }) => comparison?.isDivergent === true);
  const breaches = divergent.map(({ source, lanes, rows, comparison }) => ({
    kind: `${DIVERGENT}${source}`,
    touches: rows,
    observed: {
      reference,
      proxy: sumUsage([...(counted?.lanes.values() ?? [])]),
      reported: sumUsage([...lanes.values()]),
      ...(comparison?.lane === "main" ? { lane: "main" } : {}),
    },
    action: `Both counts are shown. The window counts by ${reference}.`,
  }));
  await recordBreaches(tracker, key, breaches);
}
