import { scoreZ } from "../errors/score-difference.ts";
import { newcombeInterval } from "../errors/share-intervals.ts";
import { lgamma } from "../numerics/log-gamma.ts";
import { normQuantile } from "../numerics/normal-quantile.ts";

const MARGIN = 0.02;
const ALPHA = 0.05;
const NEGLIGIBLE = 1e-9;
const SLACK = 1e-12;

/** True error rates with as many requests on each arm. */
export interface ErrorRateTruth {
  readonly n: number;
  readonly pA: number;
  readonly pB: number;
}

/** Exact properties of the intervals, by enumeration of all outcomes. */
export interface ErrorIntervalCoverage extends ErrorRateTruth {
  readonly newcombe95: number;
  readonly miettinenNurminen95: number;
  /** How often non-inferiority at 2 percentage points is shown. */
  readonly niRejectRate: number;
}

interface Outcome {
  readonly x: number;
  readonly chance: number;
}

/**
 * How often do the intervals for a difference of error rates cover the truth? Not simulated: every
 * outcome is weighed by its probability.
 */
export function errorIntervalCoverage(truth: ErrorRateTruth): ErrorIntervalCoverage {
  const { n, pA, pB } = truth;
  const difference = pB - pA;
  const z = normQuantile(0.975);
  const totals = { newcombe95: 0, miettinenNurminen95: 0, niRejectRate: 0 };
  for (const a of likelyOutcomes(n, pA)) {
    for (const b of likelyOutcomes(n, pB)) {
      const shares = { a: { x: a.x, n }, b: { x: b.x, n } };
      const chance = a.chance * b.chance;
      const [lower, upper] = newcombeInterval(shares, 0.95);
      if (lower <= difference + SLACK && difference <= upper + SLACK) totals.newcombe95 += chance;
      if (Math.abs(scoreZ(shares, difference)) <= z + SLACK) totals.miettinenNurminen95 += chance;
      if (scoreZ(shares, MARGIN) <= normQuantile(ALPHA)) totals.niRejectRate += chance;
    }
  }
  return { ...truth, ...totals };
}

function likelyOutcomes(n: number, p: number): readonly Outcome[] {
  return Array.from({ length: n + 1 }, (_, x) => {
    const logCount = lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1);
    return { x, chance: Math.exp(logCount + x * Math.log(p) + (n - x) * Math.log1p(-p)) };
  }).filter(({ chance }) => chance > NEGLIGIBLE);
}
