import { byCodeUnit } from "./code-unit-order.ts";

/** A feature, and the stratum that its matched sets are drawn in. */
export interface StratumFeature {
  readonly feature: string;
  readonly stratum: string;
  /** The replicates that belong to this stratum, each from 1; all of them by default. */
  readonly replicates?: readonly number[];
}

/** One replicate of a feature, given to every provider in an assigned sequence. */
interface MatchedSet {
  readonly feature: string;
  /** Counted from 1. */
  readonly replicate: number;
  readonly stratum: string;
}

/** The matched sets of features, sorted by stratum, feature and replicate. */
export function listSets(
  features: readonly StratumFeature[],
  replicates: number,
): readonly MatchedSet[] {
  const all = Array.from({ length: replicates }, (_, index) => index + 1);
  return features
    .flatMap(({ feature, stratum, replicates: own = all }) =>
      own.map((replicate) => ({ feature, replicate, stratum })),
    )
    .toSorted(
      (a, b) =>
        byCodeUnit(a.stratum, b.stratum) ||
        byCodeUnit(a.feature, b.feature) ||
        a.replicate - b.replicate,
    );
}
