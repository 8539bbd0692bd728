import {
  listUnits,
  type StratumFeature,
} from "../../reports/statistics/randomisation/list-units.ts";
import { drawPermutedBlocks } from "../../reports/statistics/randomisation/permuted-blocks.ts";
import { openStream, purposeInCohort } from "../../reports/statistics/randomisation/stream.ts";
import type { Hours } from "./hours.ts";

interface HoursInput {
  readonly rootSeed: string;
  /** With the stratum that the other facts make. */
  readonly features: readonly StratumFeature[];
  readonly replicates: number;
  /** Registration cohort, counted from 1. */
  readonly cohort: number;
}

interface UnitHours {
  readonly feature: string;
  readonly replicate: number;
  readonly hours: Hours;
}

/** One unit of each kind: the replicates of a feature are spread over both. */
const BLOCK_SIZE = 2;

/**
 * Draws in which hours each unit is worked: half and half within the rest of its stratum, to within
 * one. The stream `peak|<rest of the stratum>` is its own, so that nothing else is drawn differently.
 */
export function drawHours(input: HoursInput): readonly UnitHours[] {
  const { rootSeed, features, replicates, cohort } = input;
  const strata = Map.groupBy(listUnits(features, replicates), ({ stratum }) => stratum);
  return [...strata].flatMap(([stratum, units]) => {
    const rng = openStream(rootSeed, purposeInCohort(`peak|${stratum}`, cohort));
    const drawn = drawPermutedBlocks({ count: units.length, blockSize: BLOCK_SIZE }, rng);
    return units.map(({ feature, replicate }, index) => ({
      feature,
      replicate,
      hours: drawn[index] === "AB" ? ("peak" as const) : ("off-peak" as const),
    }));
  });
}
