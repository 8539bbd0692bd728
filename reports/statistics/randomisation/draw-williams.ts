import { requireDomain } from "../numerics/domain-error.ts";
import { listSets, type StratumFeature } from "./list-sets.ts";
import { openStream, purposeInCohort, shuffle } from "./stream.ts";

/** What a design for three or more providers is drawn from. */
export interface WilliamsInput {
  readonly rootSeed: string;
  /** As configured; their labels in the design are shuffled. */
  readonly providers: readonly string[];
  readonly features: readonly StratumFeature[];
  /** Repetitions of the whole sequence per feature; 1 by default. */
  readonly replicates?: number;
  /** Registration cohort, counted from 1 (default). */
  readonly cohort?: number;
}

/** The order in which one replicate of a feature meets the providers. */
export interface WilliamsSet {
  readonly feature: string;
  /** Counted from 1. */
  readonly replicate: number;
  readonly stratum: string;
  /** The row of the design, counted from 0, before the rows were shuffled. */
  readonly row: number;
  /** Providers by period. */
  readonly sequence: readonly string[];
}

/**
 * Assigns an order of all providers to every feature and replicate by a Williams design: labels and
 * rows are shuffled, and the rows then used in turn.
 *
 * Strata, features and replicates are sorted, and the turn continues from stratum to stratum. So the
 * rows are used equally often over the whole experiment, to within one.
 */
export function drawWilliamsAssignment(input: WilliamsInput): readonly WilliamsSet[] {
  const { rootSeed, providers, features, replicates = 1, cohort = 1 } = input;
  const labels = shuffle(
    providers,
    openStream(rootSeed, purposeInCohort("williams|labels", cohort)),
  );
  const rows = shuffle(
    williamsRows(providers.length).map((arms, row) => ({ arms, row })),
    openStream(rootSeed, purposeInCohort("williams|rows", cohort)),
  );
  return listSets(features, replicates).flatMap((set, index) => {
    const place = index % rows.length;
    return rows.slice(place, place + 1).map(({ arms, row }) => ({
      ...set,
      row,
      sequence: arms.flatMap((arm) => labels.slice(arm, arm + 1)),
    }));
  });
}

/**
 * The rows of a Williams design for `arms` providers, as arm numbers from 0: over all rows every
 * provider meets every period equally often and follows every other equally often. An odd number
 * needs the square and its mirror.
 *
 * Source: Williams, Aust J Sci Res A 1949;2:149.
 *
 * @example
 * williamsRows(4); // [[0, 1, 3, 2], [1, 2, 0, 3], [2, 3, 1, 0], [3, 0, 2, 1]]
 */
export function williamsRows(arms: number): readonly (readonly number[])[] {
  requireDomain(Number.isInteger(arms) && arms >= 2, "at least two arms", arms);
  const first = Array.from({ length: arms }, (_, place) =>
    place % 2 === 1 ? (place + 1) / 2 : (arms - place / 2) % arms,
  );
  const square = first.map((_, row) => first.map((arm) => (arm + row) % arms));
  return arms % 2 === 0 ? square : [...square, ...square.map((row) => row.toReversed())];
}
