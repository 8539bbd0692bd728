/** One feature's request latencies, milliseconds. */
export interface FeatureLatencies {
  /** Under the baseline. */
  readonly a: readonly number[];
  /** Under the candidate. */
  readonly b: readonly number[];
}
