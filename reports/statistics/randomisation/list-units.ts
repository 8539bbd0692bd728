import { byCodeUnit } from "./code-unit-order.ts";

/** A feature, and the stratum that its units are drawn in. */
export interface StratumFeature {
  readonly feature: string;
  readonly stratum: string;
  /** Those of its replicates that belong to this stratum, each from 1; all of them by default. */
  readonly replicates?: readonly number[];
}

/** What is assigned a sequence: one replicate of a feature. */
interface Unit {
  readonly feature: string;
  /** Counted from 1. */
  readonly replicate: number;
  readonly stratum: string;
}

/** The units of features, sorted by stratum, feature and replicate. */
export function listUnits(
  features: readonly StratumFeature[],
  replicates: number,
): readonly Unit[] {
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
