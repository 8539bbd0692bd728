/** Scores by feature: `a[i]` of the baseline and `b[i]` of the candidate are of the same feature. */
export interface PairedScores {
  /** Between 0 and 1. */
  readonly a: readonly number[];
  /** Between 0 and 1. */
  readonly b: readonly number[];
  /** Mean sequence sign by feature (+1 AB, −1 BA); absent: not adjusted for period. */
  readonly z?: readonly number[] | undefined;
}
