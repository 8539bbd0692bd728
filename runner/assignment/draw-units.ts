import { drawAssignment } from "../../reports/statistics/randomisation/draw-assignment.ts";
import { drawWilliamsAssignment } from "../../reports/statistics/randomisation/draw-williams.ts";
import { drawRunOrder } from "../../reports/statistics/randomisation/run-order.ts";
import { williamsRows } from "../../reports/statistics/randomisation/williams.ts";
import type { Task } from "../bank/task.ts";
import type { Configuration } from "../config/configuration.ts";
import { type DrawnStratum, drawStrata } from "./draw-strata.ts";
import type { Hours } from "./hours.ts";
import { planWindows } from "./plan-windows.ts";
import type { PlannedUnit } from "./plan.ts";

/** One feature in one replicate, and who gets it when. */
interface Draw {
  readonly feature: string;
  readonly replicate: number;
  readonly stratum: string;
  readonly block: number;
  /** Provider ids by period. */
  readonly providers: readonly string[];
}

/** Tasks that are registered together, and the units that earlier ones were given. */
interface Cohort {
  /** Counted from 1. */
  readonly cohort: number;
  readonly earlier: readonly PlannedUnit[];
}

const FIRST_COHORT: Cohort = { cohort: 1, earlier: [] };

/**
 * Draws who gets which feature when, and the order in which features come: two providers in
 * permuted blocks within strata, more of them by the rows of a Williams design. Every replicate goes
 * through all features before the next one begins.
 */
export function drawUnits(
  configuration: Configuration,
  tasks: readonly Task[],
  { cohort, earlier }: Cohort = FIRST_COHORT,
): readonly PlannedUnit[] {
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

/** Where hours are drawn, a stratum is of one replicate of its feature. */
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
  return drawAssignment(question).map(({ sequence, ...unit }) => ({
    ...unit,
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
): PlannedUnit {
  const windows = planWindows({
    feature_id: feature,
    replicate,
    providers,
    windows: providers.map(() => number(replicate)),
  });
  const sequence = providers.map((id) => LETTERS.charAt(labelled.indexOf(id))).join("");
  return { featureId: feature, replicate, stratum, block, sequence, windows };
}

/** `W0-01`, `W0-02`, … for the first replicate, `W1-01`, … for the second; on from earlier cohorts. */
function numberWindows(earlier: readonly PlannedUnit[]): (replicate: number) => string {
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
