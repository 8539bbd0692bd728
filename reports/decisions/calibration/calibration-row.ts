import type { MonteCarloRate } from "../../statistics/calibration/monte-carlo.ts";

/** What a simulated rate is held against. */
export type Expectation =
  | { readonly kind: "between"; readonly lower: number; readonly upper: number }
  | { readonly kind: "at_most"; readonly bound: number }
  /** Shown for comparison; nothing is promised. */
  | { readonly kind: "shown" };

/** One line of the calibration report. */
export interface CalibrationRow {
  /** What was simulated, such as `cross-over, 12 pairs`. */
  readonly scenario: string;
  /** Whose rate it is, such as `95 % interval covers`. */
  readonly method: string;
  /** Simulated experiments; null where every outcome was enumerated. */
  readonly reps: number | null;
  readonly rate: number;
  /** Standard error of the rate; 0 where it is exact. */
  readonly mcSe: number;
  readonly expectation: Expectation;
  /** By how many pairs half of the experiments got there; null where half never did. Of gates only. */
  readonly medianPairs?: number | null;
  /** Whether the rate meets the expectation within three standard errors; null where none is. */
  readonly holds: boolean | null;
}

/** Judges a rate by its expectation, within three Monte-Carlo standard errors. */
export function toRow(
  names: { readonly scenario: string; readonly method: string },
  { rate, mcSe, reps }: MonteCarloRate,
  expectation: Expectation,
): CalibrationRow {
  return {
    ...names,
    reps,
    rate,
    mcSe,
    expectation,
    holds: holds({ rate, mcSe, reps }, expectation),
  };
}

function holds({ rate, mcSe, reps }: MonteCarloRate, expectation: Expectation): boolean | null {
  switch (expectation.kind) {
    case "between":
      return rate >= expectation.lower - 3 * mcSe && rate <= expectation.upper + 3 * mcSe;
    case "at_most": {
      const { bound } = expectation;
      return rate <= bound + 3 * Math.sqrt((bound * (1 - bound)) / reps);
    }
    case "shown":
      return null;
  }
}
