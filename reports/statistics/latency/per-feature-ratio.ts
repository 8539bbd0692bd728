import { mean } from "simple-statistics";

import { sampleSpread } from "../spread.ts";
import { tInterval } from "../t-interval.ts";

const LEVEL = 0.9;

/** A t interval over the features' own log ratios. */
export interface PerFeatureRatio {
  readonly mean: number;
  readonly se: number;
  readonly df: number;
  readonly ratio: number;
  readonly ratioCi90Lower: number;
  readonly ratioCi90Upper: number;
}

/**
 * The t interval of the features' own log ratios of 95th percentiles. Null below two features.
 *
 * @example
 * ratioOverFeatures([0, 0.2])?.mean; // 0.1
 */
export function ratioOverFeatures(logRatios: readonly number[]): PerFeatureRatio | null {
  const sd = sampleSpread(logRatios);
  if (sd === null) return null;
  const estimate = mean(logRatios);
  const se = sd / Math.sqrt(logRatios.length);
  const df = logRatios.length - 1;
  const { lower, upper } = tInterval({ estimate, se, df }, LEVEL);
  return {
    mean: estimate,
    se,
    df,
    ratio: Math.exp(estimate),
    ratioCi90Lower: Math.exp(lower),
    ratioCi90Upper: Math.exp(upper),
  };
}
