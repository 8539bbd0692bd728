import { sampleStandardDeviation } from "simple-statistics";

const RELATIVE_ZERO = 1e-12;

/**
 * The zero-variance rule: a standard deviation at most 1e-12 of the largest value it was computed
 * from is rounding noise and counts as exactly 0.
 *
 * @example
 * zeroIfNoise(1e-17, [0.1, 0.1]); // 0
 */
export function zeroIfNoise(sd: number, values: readonly number[]): number {
  return zeroIfNoiseOf(
    sd,
    values.reduce((max, value) => Math.max(max, Math.abs(value)), 0),
  );
}

/** {@link zeroIfNoise}, for callers that know the largest absolute value. */
export function zeroIfNoiseOf(sd: number, largest: number): number {
  return sd <= RELATIVE_ZERO * largest ? 0 : sd;
}

/** The sample standard deviation (divisor n − 1) under the zero-variance rule; null below 2 values. */
export function sampleSpread(values: readonly number[]): number | null {
  return values.length < 2 ? null : zeroIfNoise(sampleStandardDeviation(values), values);
}
