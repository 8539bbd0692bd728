import {
  type BlockCause,
  FeatureBlocked,
  FeatureReady,
  FeatureUnblocked,
} from "../domain/backlog.ts";
import { RowUndone } from "../domain/row-undone.ts";
import type { Row } from "../domain/row.ts";
import type { LedgerReader } from "../store/store.ts";

/** One feature of the backlog, as it is now. */
export interface BacklogFeature {
  readonly featureId: string;
  readonly isReady: boolean;
  /** In the order of the alphabet. */
  readonly blockedBy: readonly BlockCause[];
}

/** Folds the backlog: what is ready, and what blocks it. Sorted by feature. */
export function foldBacklog(rows: Iterable<Row>): readonly BacklogFeature[] {
  const all = [...rows];
  const undone = new Set(all.flatMap(undoneId));
  const features = new Map<string, { isReady: boolean; readonly causes: Set<BlockCause> }>();
  for (const row of all) if (!undone.has(row.id)) apply(row, features);
  return [...features]
    .map(([featureId, { isReady, causes }]) => ({
      featureId,
      isReady,
      blockedBy: [...causes].toSorted(),
    }))
    .toSorted((left, right) => (left.featureId < right.featureId ? -1 : 1));
}

/** Ready features that only capacity blocks: the second gate counts them. */
export function countBlockedByCapacity(backlog: readonly BacklogFeature[]): number {
  return backlog.filter(
    ({ isReady, blockedBy }) => isReady && blockedBy.length === 1 && blockedBy[0] === "capacity",
  ).length;
}

/** As of now, in a whole ledger. */
export function readBlockedByCapacity(ledger: Pick<LedgerReader, "read">): number {
  return countBlockedByCapacity(foldBacklog(ledger.read("backlog")));
}

function undoneId(row: Row): readonly string[] {
  const undone = RowUndone.safeParse(row);
  return undone.success ? [undone.data.undoes] : [];
}

function apply(
  row: Row,
  features: Map<string, { isReady: boolean; readonly causes: Set<BlockCause> }>,
): void {
  const feature = (id: string) => {
    const known = features.get(id) ?? { isReady: false, causes: new Set<BlockCause>() };
    features.set(id, known);
    return known;
  };
  const ready = FeatureReady.safeParse(row);
  if (ready.success) feature(ready.data.feature_id).isReady = true;
  const blocked = FeatureBlocked.safeParse(row);
  if (blocked.success) feature(blocked.data.feature_id).causes.add(blocked.data.by);
  const unblocked = FeatureUnblocked.safeParse(row);
  if (!unblocked.success) return;
  const { causes } = feature(unblocked.data.feature_id);
  if (unblocked.data.by === null) causes.clear();
  else causes.delete(unblocked.data.by);
}
