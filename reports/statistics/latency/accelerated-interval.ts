import { mean, sum } from "simple-statistics";

import type { Limits } from "../errors/share-intervals.ts";
import { normQuantile } from "../numerics/normal-quantile.ts";
import { normCdf } from "../numerics/normal.ts";
import { normalOrderStatistic } from "./percentile-interval.ts";

/** Efron's bias-corrected and accelerated interval. */
export interface AcceleratedInterval {
  readonly z0: number;
  readonly acceleration: number;
  readonly adjustedP: Limits;
  readonly interval: Limits;
}

/** What the interval is computed from. */
export interface AcceleratedInput {
  readonly estimate: number;
  readonly replicates: readonly number[];
  /** The statistic without each unit in turn. */
  readonly jackknife: readonly number[];
}

/**
 * The BCa interval for a smooth statistic such as a mean. Not for quantiles: their jackknife is not
 * consistent, and the interval then covers far less than it says (0.76–0.86 for a nominal 0.90).
 * Null where all replicates lie on one side of the estimate.
 *
 * Source: Efron, JASA 1987;82:171; Davison & Hinkley 1997, section 5.3.
 */
export function acceleratedInterval(
  { estimate, replicates, jackknife }: AcceleratedInput,
  level: number,
): AcceleratedInterval | null {
  const below = replicates.filter((replicate) => replicate < estimate).length;
  if (below === 0 || below === replicates.length) return null;
  const z0 = normQuantile(below / replicates.length);
  const acceleration = accelerationOf(jackknife);
  const sorted = replicates.toSorted((a, b) => a - b);
  const adjust = (p: number) => {
    const shifted = z0 + normQuantile(p);
    return normCdf(z0 + shifted / (1 - acceleration * shifted));
  };
  const tail = (1 - level) / 2;
  const adjustedP: Limits = [adjust(tail), adjust(1 - tail)];
  const interval: Limits = [
    normalOrderStatistic(sorted, adjustedP[0]),
    normalOrderStatistic(sorted, adjustedP[1]),
  ];
  return { z0, acceleration, adjustedP, interval };
}

/** Skewness of the influence values / 6; 0 where nothing varies. */
function accelerationOf(jackknife: readonly number[]): number {
  const centre = mean(jackknife);
  const influence = jackknife.map((value) => centre - value);
  const squares = sum(influence.map((value) => value * value));
  if (squares === 0) return 0;
  const cubes = sum(influence.map((value) => value * value * value));
  return cubes / (6 * squares * Math.sqrt(squares));
}
