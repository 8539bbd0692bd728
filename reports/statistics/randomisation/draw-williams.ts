import { listUnits, type StratumFeature } from "./list-units.ts";
import { shuffle } from "./shuffle.ts";
import { openStream, purposeInCohort } from "./stream.ts";
import { williamsRows } from "./williams.ts";

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
export interface WilliamsUnit {
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
 * The turn goes on from stratum to stratum (strata, features and replicates sorted), so that rows
 * are used equally often over the whole experiment, to within one.
 */
export function drawWilliamsAssignment(input: WilliamsInput): readonly WilliamsUnit[] {
  const { rootSeed, providers, features, replicates = 1, cohort = 1 } = input;
  const labels = shuffle(
    providers,
    openStream(rootSeed, purposeInCohort("williams|labels", cohort)),
  );
  const rows = shuffle(
    williamsRows(providers.length).map((arms, row) => ({ arms, row })),
    openStream(rootSeed, purposeInCohort("williams|rows", cohort)),
  );
  return listUnits(features, replicates).flatMap((unit, index) => {
    const place = index % rows.length;
    return rows.slice(place, place + 1).map(({ arms, row }) => ({
      ...unit,
      row,
      sequence: arms.flatMap((arm) => labels.slice(arm, arm + 1)),
    }));
  });
}
