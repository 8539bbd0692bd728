import { sum } from "simple-statistics";

import { fiellerInterval } from "../statistics/quality/fieller-interval.ts";
import { type EstimateData, INTERVAL_FROM_N, missingEstimate } from "./estimate.ts";

const LEVEL = 0.95;

/** The quality of one valid window, and what it used. */
export interface WindowYield {
  readonly feature: string;
  readonly quality: number;
  readonly used: number;
}

/**
 * Σ quality ÷ Σ used · `perUnits`, with Fieller's interval. The feature is the unit of
 * inference, because several windows of one feature are not independent.
 */
export function estimateEfficiency(works: readonly WindowYield[], perUnits: number): EstimateData {
  const features = [...Map.groupBy(works, ({ feature }) => feature).values()];
  const used = features.map((own) => sum(own.map((work) => work.used)));
  const quality = features.map((own) => sum(own.map((work) => work.quality)));
  const total = sum(used);
  if (works.length === 0) return missingEstimate("no valid window");
  if (total === 0) return missingEstimate("nothing was used");
  const value = (sum(quality) / total) * perUnits;
  if (features.length < INTERVAL_FROM_N) {
    return missingEstimate(`fewer than ${INTERVAL_FROM_N} features`, value);
  }
  const fieller = fiellerInterval({ a: used, b: quality }, LEVEL);
  if (fieller?.type !== "bounded") {
    return missingEstimate("what was used varies too much for an interval", value);
  }
  const ci95 = { lower: fieller.lower * perUnits, upper: fieller.upper * perUnits };
  return { value, ci95, p_two_sided: null, df: fieller.df, reason: null };
}
