import { mean, sampleStandardDeviation, sum } from "simple-statistics";

import { fitPeriodAdjusted } from "../core/period-adjusted-fit.ts";
import { sequenceSign, type Sequence } from "../core/sequence.ts";
import { noneOf, type AnalysisStatus } from "../core/status.ts";
import {
  NO_EFFECT,
  NO_RATIO,
  describeTreatment,
  type Effect,
  type TreatmentEffect,
} from "../core/t-inference.ts";
import { describePeriod } from "./crossover.ts";

/** One round of one feature; a missing window is null. */
export interface CrossoverRound {
  readonly feature: string;
  readonly sequence: Sequence;
  readonly costA: number | null;
  readonly costB: number | null;
  /** Counted from 1; a round of a feature that comes twice is refused. */
  readonly round?: number;
  /** Features of one family are one unit of inference; by default each feature is its own. */
  readonly family?: string | undefined;
}

/** The cross-over over feature means. `null`: not available. */
export interface CrossoverRounds extends TreatmentEffect {
  readonly status: AnalysisStatus;
  /** Names the impossible value if the status is `invalid_input`. */
  readonly problem: string | null;
  /** Features with a complete round. */
  readonly features: number | null;
  readonly incompleteRounds: number;
  /** Mean log ratio by unit, in order of first appearance. */
  readonly dBar: readonly number[];
  /** Mean sequence sign by unit. */
  readonly zBar: readonly number[];
  readonly sd: number | null;
  /** Effect of period 1 over period 2; null if every feature is balanced in itself. */
  readonly period: number | null;
  readonly periodEffect: Effect;
  readonly clusteredSeOfRowMean: ClusteredError | null;
}

const NOTHING: CrossoverRounds = {
  ...NO_EFFECT,
  ...NO_RATIO,
  status: "no_data",
  problem: null,
  features: 0,
  incompleteRounds: 0,
  dBar: [],
  zBar: [],
  ...noneOf("estimate", "nEff", "df", "sd", "ci90Lower", "ci90Upper", "period"),
  periodEffect: NO_EFFECT,
  clusteredSeOfRowMean: null,
};

/**
 * The cross-over of features that were measured in several rounds. Every feature enters with the
 * plain mean over its complete rounds, so that inference stays about features. A family enters with
 * the mean of its features' means, and inference is then about families.
 *
 * With one round per feature it equals {@link analyseCrossover}. Assumes independent features;
 * rounds of a feature may depend on each other in any way.
 *
 * Source: Senn, Cross-over Trials in Clinical Research, 2002; Miller, arXiv:2411.00640.
 */
export function analyseCrossoverRounds({
  rows,
  nulls = [1, 2],
}: {
  readonly rows: readonly CrossoverRound[];
  /** Ratios to test against; 1 and 2 by default. */
  readonly nulls?: readonly number[];
}): CrossoverRounds {
  const problem = findProblem(rows);
  if (problem !== null) return { ...NOTHING, status: "invalid_input", problem, features: null };
  const complete = rows.flatMap(({ feature, family, sequence, costA, costB }) =>
    costA === null || costB === null
      ? []
      : [{ feature, family, d: Math.log(costA) - Math.log(costB), z: sequenceSign(sequence) }],
  );
  const features = [...Map.groupBy(complete, ({ feature }) => feature).values()];
  const units = [...Map.groupBy(features, (own) => own.slice(0, 1).map(unitKey).join("")).values()];
  const incompleteRounds = rows.length - complete.length;
  const base = { ...NOTHING, features: features.length, incompleteRounds };
  if (features.length === 0) return base;
  const meanBy = (read: (round: (typeof complete)[number]) => number) =>
    units.map((unit) => mean(unit.map((own) => mean(own.map(read)))));
  const dBar = meanBy(({ d }) => d);
  const zBar = meanBy(({ z }) => z);
  const clusteredSeOfRowMean = clusteredError(units.map((unit) => unit.flat().map(({ d }) => d)));
  return { ...base, dBar, zBar, clusteredSeOfRowMean, ...inference(dBar, zBar, nulls) };
}

/** The unit of inference of a feature; a family and a feature of the same name are two. */
export function unitKey({ feature, family }: Pick<CrossoverRound, "feature" | "family">): string {
  return JSON.stringify(family === undefined ? [feature] : [null, family]);
}

function inference(
  dBar: readonly number[],
  zBar: readonly number[],
  nulls: readonly number[],
): Partial<CrossoverRounds> {
  if (dBar.length === 1) return { status: "insufficient" };
  const fit = fitPeriodAdjusted(dBar, zBar);
  if (fit === null) return { status: "one_sequence" };
  const { estimate, nEff, df, sd, se, period } = fit;
  const point = { status: "insufficient", estimate, nEff, df, period } as const;
  if (sd === null || se === null) return point;
  return {
    ...point,
    ...describeTreatment({ estimate, se, df }, nulls),
    status: sd === 0 ? "zero_variance" : "ok",
    sd,
    periodEffect: describePeriod(fit),
  };
}

function findProblem(rows: readonly CrossoverRound[]): string | null {
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const { feature, round, costA, costB } = row;
    const key = JSON.stringify([feature, round]);
    if (round !== undefined && seen.has(key)) {
      return `${nameOf(row, index)}: expected each round once, got it again.`;
    }
    seen.add(key);
    for (const cost of [costA, costB]) {
      if (cost !== null && !(cost > 0 && cost < Infinity)) {
        return `${nameOf(row, index)}: expected a positive finite cost, got ${cost}.`;
      }
    }
  }
  return null;
}

function nameOf({ feature, round }: CrossoverRound, index: number): string {
  return `Entry ${index + 1}, feature "${feature}"${round === undefined ? "" : `, round ${round}`}`;
}

/** The standard error of a mean over clustered values; `null`: not available. */
export type ClusteredError = ReturnType<typeof clusteredError>;

/**
 * How uncertain is a mean if the values of one feature belong together? Printed next to the
 * analysis of feature means for comparison, never instead of it.
 *
 * Source: Miller, Adding Error Bars to Evals, arXiv:2411.00640, with the factor √(G / (G − 1)).
 *
 * @example
 * clusteredError([[1, 2], [4]]).seClustered; // 1.1111111111111112
 */
export function clusteredError(clusters: readonly (readonly number[])[]) {
  const rows = clusters.flat();
  const centre = mean(rows);
  const sums = clusters.map((cluster) => sum(cluster.map((value) => value - centre)));
  const squares = sum(sums.map((value) => value * value));
  const count = clusters.length;
  return {
    /** The number of values. */
    n: rows.length,
    clusters: count,
    mean: centre,
    /** As if all values were independent. */
    seNaive: rows.length < 2 ? null : sampleStandardDeviation(rows) / Math.sqrt(rows.length),
    seClustered:
      count < 2 ? null : (Math.sqrt(squares) / rows.length) * Math.sqrt(count / (count - 1)),
    df: count - 1,
  };
}
