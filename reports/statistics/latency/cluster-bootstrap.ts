import { drawIndex, type Rng } from "../randomisation/stream.ts";
import type { WeightedLogRatio } from "./log-quantile-ratio.ts";

/**
 * Replicates of a statistic under resampling of whole features with replacement: both arms of a
 * drawn feature together, all its requests, because requests of one feature belong together.
 *
 * Assumes independent features. `draw` yields the next feature number; replicates without a value
 * are left out.
 *
 * Source: Davison & Hinkley, Bootstrap Methods and their Application, 1997, section 3.8.
 */
export function bootstrapFeatures(
  statistic: WeightedLogRatio,
  { features, replicates }: { readonly features: number; readonly replicates: number },
  draw: () => number,
): readonly number[] {
  const results: number[] = [];
  const weights = new Uint32Array(features);
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    weights.fill(0);
    for (let drawn = 0; drawn < features; drawn += 1) {
      const feature = draw();
      weights[feature] = (weights[feature] ?? 0) + 1;
    }
    const value = statistic(weights);
    if (value !== null) results.push(value);
  }
  return results;
}

/** Draws feature numbers below `features`, one uniform each. */
export function drawFeatures(features: number, rng: Rng): () => number {
  return () => drawIndex(rng, features);
}

/** The statistic without each feature in turn. */
export function jackknifeFeatures(
  statistic: WeightedLogRatio,
  features: number,
): readonly (number | null)[] {
  return Array.from({ length: features }, (_, left) => {
    const weights = new Uint32Array(features).fill(1);
    weights[left] = 0;
    return statistic(weights);
  });
}
