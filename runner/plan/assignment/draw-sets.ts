import {
  drawAssignment,
  drawPermutedBlocks,
} from "../../../reports/statistics/randomisation/draw-assignment.ts";
import {
  drawWilliamsAssignment,
  williamsRows,
} from "../../../reports/statistics/randomisation/draw-williams.ts";
import {
  listSets,
  type StratumFeature,
} from "../../../reports/statistics/randomisation/list-sets.ts";
import { drawRunOrder } from "../../../reports/statistics/randomisation/run-order.ts";
import { openStream, purposeInCohort } from "../../../reports/statistics/randomisation/stream.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Task } from "../../tasks/bank/task.ts";
import type { Configuration } from "../config/configuration.ts";
import type { StratumField } from "../config/experiment-fields.ts";
import { type Hours, pricedPeaks } from "./hours.ts";
import { type MatchedSet, planWindows } from "./plan.ts";

/** A feature in a replicate, with its providers in their order. */
interface Draw {
  readonly feature: string;
  readonly replicate: number;
  readonly stratum: string;
  readonly block: number;
  /** Provider ids by period. */
  readonly providers: readonly string[];
}

/** Tasks that are registered together, and the matched sets of earlier cohorts. */
interface Cohort {
  /** Counted from 1. */
  readonly cohort: number;
  readonly earlier: readonly MatchedSet[];
}

const FIRST_COHORT: Cohort = { cohort: 1, earlier: [] };

/**
 * Draws the sequence of each feature and the order of features. Two providers are drawn in permuted blocks
 * within strata, more providers by the rows of a Williams design. Each replicate covers all features
 * before the next replicate begins.
 */
export function drawSets(
  configuration: Configuration,
  tasks: readonly Task[],
  { cohort, earlier }: Cohort = FIRST_COHORT,
): readonly MatchedSet[] {
  const { seed, design, replicates } = configuration;
  const providers = configuration.providers.map(({ id }) => id);
  const features = drawStrata(configuration, tasks, cohort);
  const question = { rootSeed: seed, features, replicates, blockSize: design.blockSize, cohort };
  const draws =
    providers.length === 2 ? drawPairs(question, providers) : drawRows(question, providers);
  const order = drawRunOrder({ rootSeed: seed, features: tasks.map(({ id }) => id), cohort });
  const place = new Map(order.map((feature, index) => [feature, index]));
  const scheduled = draws.toSorted(
    (left, right) =>
      left.replicate - right.replicate ||
      (place.get(left.feature) ?? 0) - (place.get(right.feature) ?? 0),
  );
  const number = numberWindows(earlier);
  const later = cohort > FIRST_COHORT.cohort ? { cohort } : {};
  return scheduled.map((draw) => ({
    ...planUnit(draw, providers, number),
    ...hoursOf(draw, features),
    ...later,
  }));
}

/** If hours are drawn, each stratum belongs to one replicate of its feature. */
function hoursOf(
  { feature, replicate }: Draw,
  strata: readonly DrawnStratum[],
): { readonly hours?: Hours } {
  const hours = strata.find(
    (one) => one.feature === feature && one.replicates?.includes(replicate) === true,
  )?.hours;
  return hours === undefined ? {} : { hours };
}

type Question = Parameters<typeof drawAssignment>[0];

/** The baseline is A. */
function drawPairs(question: Question, providers: readonly string[]): readonly Draw[] {
  return drawAssignment(question).map(({ sequence, ...set }) => ({
    ...set,
    providers: sequence === "AB" ? providers : providers.toReversed(),
  }));
}

/** A block is one turn through the rows of the design. */
function drawRows(question: Question, providers: readonly string[]): readonly Draw[] {
  const rows = williamsRows(providers.length).length;
  return drawWilliamsAssignment({ ...question, providers }).map(
    ({ feature, replicate, stratum, sequence }, index) => ({
      feature,
      replicate,
      stratum,
      block: Math.floor(index / rows) + 1,
      providers: sequence,
    }),
  );
}

const LETTERS = "ABCDEF";

function planUnit(
  { feature, replicate, stratum, block, providers }: Draw,
  labelled: readonly string[],
  number: (replicate: number) => string,
): MatchedSet {
  const windows = planWindows({
    feature_id: feature,
    replicate,
    providers,
    windows: providers.map(() => number(replicate)),
  });
  const sequence = providers.map((id) => LETTERS.charAt(labelled.indexOf(id))).join("");
  return { featureId: feature, replicate, stratum, block, sequence, windows };
}

/** Numbers windows `W0-01`, `W0-02`, … in the first replicate, `W1-01`, … in the second, after earlier cohorts. */
export function numberWindows(earlier: readonly MatchedSet[]): (replicate: number) => string {
  const counts = new Map<number, number>();
  for (const { replicate, windows } of earlier) {
    counts.set(replicate, (counts.get(replicate) ?? 0) + windows.length);
  }
  return (replicate) => {
    const count = (counts.get(replicate) ?? 0) + 1;
    counts.set(replicate, count);
    return `W${String(replicate - 1)}-${String(count).padStart(2, "0")}`;
  };
}

/** A task in its stratum. If hours are drawn, it is one replicate of the task. */
interface DrawnStratum extends StratumFeature {
  /** Undefined if hours are not among the strata. */
  readonly hours?: Hours;
}

/**
 * Returns the strata within which sequences are drawn. Facts of tasks need no draw; hours are drawn.
 * @throws ConfigurationError if a task lacks a fact, or no price has peak hours.
 */
function drawStrata(
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

/** One set of each kind, so that the replicates of a feature are spread over both. */
const BLOCK_SIZE = 2;

/**
 * Draws the hours of each matched set: half peak and half off-peak (to within one) within the rest of its
 * stratum. It uses a stream of its own, `peak|<rest of the stratum>`, so that no other draw changes.
 */
export function drawHours({
  rootSeed,
  features,
  replicates,
  cohort,
}: Required<Omit<Question, "blockSize">>) {
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
