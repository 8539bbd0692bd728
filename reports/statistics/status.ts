/**
 * How far the data carry an analysis.
 *
 * `invalid_input`: nothing computed, a value is impossible. `no_data`: no complete pair.
 * `one_sequence`: all pairs AB or all BA, so effect and period can't be told apart.
 * `insufficient`: a point estimate at most. `zero_variance`: the values do not vary at all.
 */
export type AnalysisStatus =
  | "invalid_input"
  | "no_data"
  | "one_sequence"
  | "insufficient"
  | "zero_variance"
  | "ok";
