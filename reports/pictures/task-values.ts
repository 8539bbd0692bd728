import { average, logAverage } from "simple-statistics";

import type { PairLine } from "../report/comparison-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { roundNumber } from "../text/round-numbers.ts";

/** One task in one order: means over its complete pairs. */
export interface TaskCost {
  readonly task: string;
  readonly sequence: PairLine["sequence"];
  /** Geometric means. */
  readonly baseline: number;
  readonly candidate: number;
}

/** A task that was run in both orders has two entries, so that each has one order. Sorted by ratio. */
export function costsByTask({ pairs }: ReportData, candidate: string): readonly TaskCost[] {
  const own = pairs.filter((pair) => pair.candidate === candidate).flatMap(costsOf);
  const groups = Map.groupBy(own, ({ task, sequence }) => JSON.stringify([task, sequence]));
  return [...groups.values()]
    .flatMap((group) =>
      group.slice(0, 1).map(({ task, sequence }) => ({
        task,
        sequence,
        baseline: meanCost(group.map((pair) => pair.baseline)),
        candidate: meanCost(group.map((pair) => pair.candidate)),
      })),
    )
    .toSorted((left, right) => ratioOf(left) - ratioOf(right));
}

/** Baseline ÷ candidate. */
export function ratioOf({ baseline, candidate }: TaskCost): number {
  return baseline / candidate;
}

function costsOf(pair: PairLine): readonly TaskCost[] {
  const { is_complete, baseline_cost: baseline, candidate_cost: candidate } = pair;
  if (!is_complete || baseline === null || candidate === null) return [];
  return [{ task: pair.feature_id, sequence: pair.sequence, baseline, candidate }];
}

/** One task by one provider: the geometric mean of its cost and the mean of its quality. */
export interface TaskWork {
  readonly task: string;
  readonly provider: string;
  readonly cost: number;
  readonly quality: number;
}

/** Over valid windows that have both. Sorted by cost. */
export function worksByTask({ ran }: ReportData, provider: string): readonly TaskWork[] {
  const own = ran.schedule.flatMap(({ state, cost, quality, ...line }) =>
    line.provider === provider && state === "valid" && cost !== null && quality !== null
      ? [{ task: line.feature_id, cost, quality }]
      : [],
  );
  return [...Map.groupBy(own, ({ task }) => task)]
    .map(([task, works]) => ({
      task,
      provider,
      cost: meanCost(works.map(({ cost }) => cost)),
      quality: average(works.map(({ quality }) => quality)),
    }))
    .toSorted((left, right) => left.cost - right.cost);
}

/** The geometric mean, without the last bits that its logarithms add. */
export function meanCost(costs: readonly number[]): number {
  return roundNumber(logAverage([...costs]));
}
