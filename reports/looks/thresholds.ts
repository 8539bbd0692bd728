import type { AnalysisOptions } from "../statistics/candidate/analyse-candidate.ts";
import type { GateFile, GatePolicy } from "./gate-file.ts";

export function optionsOf(gates: GateFile): Partial<AnalysisOptions> {
  return {
    alpha: gates.alpha,
    costTarget: gates.cost_target,
    qualityMin: gates.quality_min,
    errorMargin: gates.error_margin,
    minPairs: gates.min_pairs,
    ciWidthMax: gates.ci_width_max,
    powerMin: gates.power_min,
  };
}

/** One value for each policy. */
export function byPolicy<Value>(decide: (policy: GatePolicy) => Value) {
  return {
    literal: decide("literal"),
    standard: decide("standard"),
    strict: decide("strict"),
  } as const;
}

/** Thresholds are inclusive, with this slack for rounding. */
const SLACK = 1e-12;

/** Whether a value reaches a threshold; a missing value does not. */
export function reaches(value: number | null, threshold: number): boolean {
  return value !== null && value >= threshold - SLACK;
}

/** Whether a value stays within a threshold; a missing value does not. */
export function staysWithin(value: number | null, threshold: number): boolean {
  return value !== null && value <= threshold + SLACK;
}
