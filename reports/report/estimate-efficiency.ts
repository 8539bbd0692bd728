import { sum } from "simple-statistics";

import { fiellerInterval } from "../statistics/quality/fieller-interval.ts";
import type { EstimateData } from "./estimate-data.ts";

const INTERVAL_FROM_N = 3;
const LEVEL = 0.95;

/** What one valid window achieved, and what it took for that. */
export interface Work {
  readonly feature: string;
  readonly quality: number;
  readonly used: number;
}

/**
 * Σ quality ÷ Σ used · `perUnits`, with Fieller's interval. The feature is the unit: several windows of one
 * are not independent.
 */
export function estimateEfficiency(works: readonly Work[], perUnits: number): EstimateData {
  const features = [...Map.groupBy(works, ({ feature }) => feature).values()];
  const used = features.map((own) => sum(own.map((work) => work.used)));
  const quality = features.map((own) => sum(own.map((work) => work.quality)));
  const total = sum(used);
  if (works.length === 0) return missing(null, "no valid window");
  if (total === 0) return missing(null, "nothing was used");
  const value = (sum(quality) / total) * perUnits;
  if (features.length < INTERVAL_FROM_N) {
    return missing(value, `fewer than ${INTERVAL_FROM_N} features`);
  }
  const fieller = fiellerInterval({ a: used, b: quality }, LEVEL);
  if (fieller?.type !== "bounded") {
    return missing(value, "what was used varies too much for an interval");
  }
  const ci95 = { lower: fieller.lower * perUnits, upper: fieller.upper * perUnits };
  return { value, ci95, p_two_sided: null, df: fieller.df, reason: null };
}

function missing(value: number | null, reason: string): EstimateData {
  return { value, ci95: null, p_two_sided: null, df: null, reason };
}
