import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { featureOf, idOf, keyOf, rowsOfWindow } from "./manual-window.ts";

/** What a provider changed for one feature, over all windows that have a churn. */
export interface FeatureChurn {
  /** null: no row of the windows names it. */
  readonly feature: string | null;
  readonly provider: string;
  readonly windows: number;
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
  readonly net: number;
  /** null: nobody said how many scenarios the feature has. */
  readonly scenarios: number | null;
  /** Net lines by scenario. */
  readonly normalized: number | null;
}

/** Sums up the churn of manual windows. Each window counts once, with its latest count. */
export function churnByFeature(view: ExperimentView): readonly FeatureChurn[] {
  const keys = new Map([...view.churns.values()].map((row) => [idOf(keyOf(row)), keyOf(row)]));
  const sums = new Map<string, FeatureChurn>();
  for (const key of keys.values()) {
    const rows = rowsOfWindow(view, key);
    if (rows.churn === undefined) continue;
    const feature = featureOf(rows);
    const id = JSON.stringify([feature, key.provider]);
    const { files_changed: files, insertions, deletions } = rows.churn.churn;
    const scenarios = rows.churn.scenarios ?? null;
    const one = { windows: 1, files, insertions, deletions, scenarios };
    sums.set(id, add(sums.get(id) ?? NOTHING, { feature, provider: key.provider, ...one }));
  }
  const name = ({ feature, provider }: FeatureChurn) => `${feature ?? "\uFFFF"} ${provider}`;
  return [...sums.values()].toSorted((one, two) => (name(one) < name(two) ? -1 : 1));
}

type Sum = Omit<FeatureChurn, "net" | "normalized">;

const NOTHING = { windows: 0, files: 0, insertions: 0, deletions: 0, scenarios: null };

/** The windows of a feature have the same scenarios: the largest number that anybody said. */
function add(former: Omit<Sum, "feature" | "provider">, one: Sum): FeatureChurn {
  const scenarios = Math.max(former.scenarios ?? 0, one.scenarios ?? 0) || null;
  const insertions = one.insertions + former.insertions;
  const deletions = one.deletions + former.deletions;
  const net = insertions - deletions;
  return {
    feature: one.feature,
    provider: one.provider,
    windows: one.windows + former.windows,
    files: one.files + former.files,
    insertions,
    deletions,
    net,
    scenarios,
    normalized: scenarios === null ? null : net / scenarios,
  };
}
