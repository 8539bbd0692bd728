import { mean } from "simple-statistics";

import { fitPeriodAdjusted } from "../period-adjusted-fit.ts";
import { sequenceSign, type Sequence } from "../sequence.ts";
import type { AnalysisStatus } from "../status.ts";
import { tInterval } from "../t-interval.ts";
import { clusteredError, type ClusteredError } from "./clustered-error.ts";
import {
  describeEffect,
  describeRatio,
  NO_EFFECT,
  NO_RATIO,
  type Effect,
  type RatioEffect,
} from "./crossover-effect.ts";

/** One round of one feature; a missing window is null. */
export interface CrossoverRound {
  readonly feature: string;
  readonly sequence: Sequence;
  readonly costA: number | null;
  readonly costB: number | null;
  /** Counted from 1; a round of a feature that comes twice is refused. */
  readonly round?: number;
}

/** The cross-over over feature means. `null`: not available. */
export interface CrossoverRounds extends Effect, RatioEffect {
  readonly status: AnalysisStatus;
  /** Which value is impossible, where the status is `invalid_input`. */
  readonly problem: string | null;
  /** Features with a complete round. */
  readonly features: number | null;
  readonly incompleteRounds: number;
  /** Mean log ratio by feature, in order of first appearance. */
  readonly dBar: readonly number[];
  /** Mean sequence sign by feature. */
  readonly zBar: readonly number[];
  readonly estimate: number | null;
  readonly nEff: number | null;
  readonly df: number | null;
  readonly sd: number | null;
  readonly ci90Lower: number | null;
  readonly ci90Upper: number | null;
  /** Effect of period 1 over period 2; null where every feature is balanced in itself. */
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
  estimate: null,
  nEff: null,
  df: null,
  sd: null,
  ci90Lower: null,
  ci90Upper: null,
  period: null,
  periodEffect: NO_EFFECT,
  clusteredSeOfRowMean: null,
};

interface FeatureValues {
  readonly d: readonly number[];
  readonly z: readonly number[];
}

/**
 * The cross-over where features were measured in several rounds: every feature enters with the
 * plain mean over its complete rounds, so that the unit of inference stays the feature.
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
  const features = valuesByFeature(rows);
  const complete = features.reduce((count, { d }) => count + d.length, 0);
  const base = { ...NOTHING, features: features.length, incompleteRounds: rows.length - complete };
  if (features.length === 0) return base;
  const dBar = features.map(({ d }) => mean(d));
  const zBar = features.map(({ z }) => mean(z));
  const clusteredSeOfRowMean = clusteredError(features.map(({ d }) => d));
  return { ...base, dBar, zBar, clusteredSeOfRowMean, ...inference(dBar, zBar, nulls) };
}

function inference(
  dBar: readonly number[],
  zBar: readonly number[],
  nulls: readonly number[],
): Partial<CrossoverRounds> {
  if (dBar.length === 1) return { status: "insufficient" };
  const fit = fitPeriodAdjusted(dBar, zBar);
  if (fit === null) return { status: "one_sequence" };
  const { estimate, nEff, df, sd, se, period, periodSe } = fit;
  const point = { status: "insufficient", estimate, nEff, df, period } as const;
  if (sd === null || se === null) return point;
  const ci90 = tInterval({ estimate, se, df }, 0.9);
  return {
    ...point,
    ...describeEffect({ estimate, se, df }),
    ...describeRatio({ estimate, se, df }, nulls),
    status: sd === 0 ? "zero_variance" : "ok",
    sd,
    ci90Lower: ci90.lower,
    ci90Upper: ci90.upper,
    periodEffect:
      period === null || periodSe === null
        ? NO_EFFECT
        : describeEffect({ estimate: period, se: periodSe, df }),
  };
}

function valuesByFeature(rows: readonly CrossoverRound[]): readonly FeatureValues[] {
  const features = new Map<string, FeatureValues>();
  for (const { feature, sequence, costA, costB } of rows) {
    if (costA === null || costB === null) continue;
    const { d, z } = features.get(feature) ?? { d: [], z: [] };
    features.set(feature, {
      d: [...d, Math.log(costA) - Math.log(costB)],
      z: [...z, sequenceSign(sequence)],
    });
  }
  return [...features.values()];
}

function findProblem(rows: readonly CrossoverRound[]): string | null {
  const seen = new Set<string>();
  for (const [index, { feature, round, costA, costB }] of rows.entries()) {
    const name = `Row ${index + 1}, feature "${feature}"${round === undefined ? "" : `, round ${round}`}`;
    const key = JSON.stringify([feature, round]);
    if (round !== undefined && seen.has(key)) {
      return `${name}: expected each round once, got it again.`;
    }
    seen.add(key);
    for (const cost of [costA, costB]) {
      if (cost !== null && !(cost > 0 && cost < Infinity)) {
        return `${name}: expected a positive finite cost, got ${cost}.`;
      }
    }
  }
  return null;
}
