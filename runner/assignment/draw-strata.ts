import { drawPermutedBlocks } from "../../reports/statistics/randomisation/draw-assignment.ts";
import { listSets, type StratumFeature } from "../../reports/statistics/randomisation/list-sets.ts";
import { openStream, purposeInCohort } from "../../reports/statistics/randomisation/stream.ts";
import type { Task } from "../bank/task.ts";
import type { Configuration } from "../config/configuration.ts";
import type { StratumField } from "../config/experiment-fields.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { Hours } from "./hours.ts";
import { pricedPeaks } from "./priced-peaks.ts";

/** A task in its stratum. If hours are drawn, it is one replicate of the task. */
export interface DrawnStratum extends StratumFeature {
  /** Undefined if hours are not among the strata. */
  readonly hours?: Hours;
}

/**
 * Returns the strata within which sequences are drawn. Facts of tasks need no draw; hours are drawn.
 * @throws ConfigurationError if a task lacks a fact, or no price has peak hours.
 */
export function drawStrata(
  configuration: Configuration,
  tasks: readonly Task[],
  cohort: number,
): readonly DrawnStratum[] {
  const { seed: rootSeed, design, replicates } = configuration;
  const fields = design.strata;
  if (pricedPeaks(configuration).length === 0) {
    return tasks.map((task) => ({ feature: task.id, stratum: stratumOf(task, fields) }));
  }
  const rest = fields.filter((field) => field !== "peak_hours");
  const features = tasks.map((task) => ({ feature: task.id, stratum: stratumOf(task, rest) }));
  const sets = Map.groupBy(
    drawHours({ rootSeed, features, replicates, cohort }),
    ({ feature }) => feature,
  );
  return tasks.flatMap((task) =>
    (sets.get(task.id) ?? []).map(({ replicate, hours }) => ({
      feature: task.id,
      stratum: stratumOf(task, fields, hours),
      replicates: [replicate],
      hours,
    })),
  );
}

/**
 * Returns the stratum of a task: its facts for the given fields, and the hours of its matched set, joined
 * by slashes. Each stratum is balanced by itself, so that no provider gets the hard tasks first more often.
 * @param hours undefined if the fields do not include hours.
 * @throws ConfigurationError if the task lacks one of the facts.
 */
function stratumOf(task: Task, fields: readonly StratumField[], hours?: Hours): string {
  return fields
    .map((field) => {
      const fact = field === "peak_hours" ? hours : task[field];
      if (fact !== undefined) return fact;
      throw new ConfigurationError(
        `${task.folder}/task.yaml: expected "${field}", which design.strata uses, got nothing. Write it there, or leave it out of design.strata.`,
      );
    })
    .join("/");
}

interface HoursInput {
  readonly rootSeed: string;
  /** Features with the stratum that the other facts make. */
  readonly features: readonly StratumFeature[];
  readonly replicates: number;
  /** Registration cohort, counted from 1. */
  readonly cohort: number;
}

interface SetHours {
  readonly feature: string;
  readonly replicate: number;
  readonly hours: Hours;
}

/** One set of each kind, so that the replicates of a feature are spread over both. */
const BLOCK_SIZE = 2;

/**
 * Draws the hours of each matched set: half peak and half off-peak (to within one) within the rest of its
 * stratum. It uses a stream of its own, `peak|<rest of the stratum>`, so that no other draw changes.
 */
export function drawHours(input: HoursInput): readonly SetHours[] {
  const { rootSeed, features, replicates, cohort } = input;
  const strata = Map.groupBy(listSets(features, replicates), ({ stratum }) => stratum);
  return [...strata].flatMap(([stratum, sets]) => {
    const rng = openStream(rootSeed, purposeInCohort(`peak|${stratum}`, cohort));
    const drawn = drawPermutedBlocks({ count: sets.length, blockSize: BLOCK_SIZE }, rng);
    return sets.map(({ feature, replicate }, index) => ({
      feature,
      replicate,
      hours: drawn[index] === "AB" ? ("peak" as const) : ("off-peak" as const),
    }));
  });
}
