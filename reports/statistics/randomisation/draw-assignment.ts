import type { Sequence } from "../sequence.ts";
import { listUnits, type StratumFeature } from "./list-units.ts";
import { drawPermutedBlocks } from "./permuted-blocks.ts";
import { openStream, purposeInCohort } from "./stream.ts";

/** What the assignment of a cohort is drawn from. */
export interface AssignmentInput {
  readonly rootSeed: string;
  readonly features: readonly StratumFeature[];
  /** Repetitions of the whole sequence per feature; 1 by default. */
  readonly replicates?: number;
  /** Even; 2 by default. */
  readonly blockSize?: number;
  /** Registration cohort, counted from 1 (default). */
  readonly cohort?: number;
}

/** Which provider one replicate of a feature meets first. */
export interface AssignedUnit {
  readonly feature: string;
  /** Counted from 1. */
  readonly replicate: number;
  readonly stratum: string;
  /** The unit's block within its stratum, counted from 1. */
  readonly block: number;
  readonly sequence: Sequence;
}

/**
 * Assigns AB or BA to every feature and replicate, in permuted blocks within each stratum.
 *
 * Strata, features and replicates are sorted first, so that the order in which a task bank lists
 * them does not matter. Each stratum has a stream of its own.
 *
 * @example
 * drawAssignment({
 *   rootSeed: "exp-2025-01",
 *   features: [{ feature: "f01", stratum: "all" }, { feature: "f02", stratum: "all" }],
 * }).map(({ sequence }) => sequence); // ["BA", "AB"]
 */
export function drawAssignment(input: AssignmentInput): readonly AssignedUnit[] {
  const { rootSeed, features, replicates = 1, blockSize = 2, cohort = 1 } = input;
  const strata = Map.groupBy(listUnits(features, replicates), ({ stratum }) => stratum);
  return [...strata].flatMap(([stratum, units]) => {
    const rng = openStream(rootSeed, purposeInCohort(`assign|${stratum}`, cohort));
    return drawPermutedBlocks({ count: units.length, blockSize }, rng).flatMap(
      (sequence, index) => {
        const block = Math.floor(index / blockSize) + 1;
        return units.slice(index, index + 1).map((unit) => ({ ...unit, block, sequence }));
      },
    );
  });
}
