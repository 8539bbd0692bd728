import { mean, sum } from "simple-statistics";

import type { ErrorCount } from "../errors/compare-error-rates.ts";
import type { FeatureLatencies } from "../latency/weighted-quantile.ts";
import { sequenceSign } from "../sequence.ts";
import type { FeaturePairs, WindowPair } from "./match-pairs.ts";
import type { AnalysedWindow } from "./window.ts";

/** Mean quality of both arms by feature, with the mean sequence sign. */
export type FeatureScores = ReturnType<typeof qualityByFeature>;

/** The quality of the features in which every pair has a score on both arms. */
export function qualityByFeature(features: readonly FeaturePairs[]) {
  const scored = features.flatMap(({ pairs }) => {
    const a = numbersOf(pairs, (pair) => pair.a.quality);
    const b = numbersOf(pairs, (pair) => pair.b.quality);
    const isComplete = a.length === pairs.length && b.length === pairs.length;
    return isComplete ? [{ a: mean(a), b: mean(b), z: meanSign(pairs) }] : [];
  });
  return {
    a: scored.map(({ a }) => a),
    b: scored.map(({ b }) => b),
    z: scored.map(({ z }) => z),
  };
}

/** Errors and requests by feature, of the features in which every window counted them. */
export function errorsByFeature(features: readonly FeaturePairs[]) {
  const counted = features.flatMap(({ pairs }) => {
    const a = countErrors(pairs.map((pair) => pair.a));
    const b = countErrors(pairs.map((pair) => pair.b));
    return a === null || b === null ? [] : [{ a, b }];
  });
  return { a: counted.map(({ a }) => a), b: counted.map(({ b }) => b) };
}

/** All request latencies by feature. */
export function latenciesByFeature(features: readonly FeaturePairs[]): readonly FeatureLatencies[] {
  return features.map(({ pairs }) => ({
    a: pairs.flatMap((pair) => pair.a.latenciesMs ?? []),
    b: pairs.flatMap((pair) => pair.b.latenciesMs ?? []),
  }));
}

/** Mean log ratio and mean sequence sign by feature. */
export function logRatiosByFeature(features: readonly FeaturePairs[]) {
  return {
    d: features.map(({ pairs }) =>
      mean(pairs.map(({ a, b }) => Math.log(a.cost) - Math.log(b.cost))),
    ),
    z: features.map(({ pairs }) => meanSign(pairs)),
  };
}

function meanSign(pairs: readonly WindowPair[]): number {
  return mean(pairs.map(({ sequence }) => sequenceSign(sequence)));
}

function numbersOf(
  pairs: readonly WindowPair[],
  read: (pair: WindowPair) => number | null,
): readonly number[] {
  return pairs.map(read).filter((value) => value !== null);
}

function countErrors(windows: readonly AnalysedWindow[]): ErrorCount | null {
  const counts = windows.flatMap(({ errors, requests }) =>
    errors === null || requests === null ? [] : [{ errors, requests }],
  );
  if (counts.length < windows.length) return null;
  return {
    errors: sum(counts.map(({ errors }) => errors)),
    requests: sum(counts.map(({ requests }) => requests)),
  };
}
