/** One valid window of one provider, as the analysis needs it. `null`: not measured. */
export interface AnalysedWindow {
  readonly feature: string;
  /** Repetition of the whole sequence, counted from 1. */
  readonly replicate: number;
  readonly provider: string;
  /** Position in the sequence, counted from 1. */
  readonly period: number;
  /** In the measure of the experiment (tokens, dollars, …); above 0. */
  readonly cost: number;
  /** Between 0 and 1. */
  readonly quality: number | null;
  readonly errors: number | null;
  readonly requests: number | null;
  readonly latenciesMs: readonly number[] | null;
}
