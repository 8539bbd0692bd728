/** How much evidence a gate asks for. */
export type GatePolicy = "literal" | "standard" | "strict";

/** The thresholds of the gates. */
export interface GateThresholds {
  readonly minWindows: number;
  readonly minPairs: number;
  readonly ciWidthMax: number;
  readonly powerMin: number;
  readonly qualityMin: number;
  /** Ready features that must be blocked only by capacity. */
  readonly backlogMin: number;
  readonly policy: GatePolicy;
}

/** The thresholds where none are configured. */
export const DEFAULT_THRESHOLDS: GateThresholds = {
  minWindows: 3,
  minPairs: 3,
  ciWidthMax: 0.3,
  powerMin: 0.8,
  qualityMin: 0.8,
  backlogMin: 2,
  policy: "standard",
};

/** Thresholds are inclusive, with this slack for rounding. */
const SLACK = 1e-12;

/** Whether a value reaches a threshold; one that is not available does not. */
export function reaches(value: number | null, threshold: number): boolean {
  return value !== null && value >= threshold - SLACK;
}

/** Whether a value stays within a threshold; one that is not available does not. */
export function staysWithin(value: number | null, threshold: number): boolean {
  return value !== null && value <= threshold + SLACK;
}
