/** The variance table of an AB/BA cross-over. `null`: not available. */
export interface CrossoverVariance {
  readonly mseWithin: number;
  readonly mseBetween: number;
  readonly fTreatment: number | null;
  readonly fPeriod: number | null;
  readonly fSequence: number | null;
  readonly df1: 1;
  readonly df2: number;
  readonly pTreatment: number;
  readonly pPeriod: number;
  readonly pSequence: number;
  /** Between-feature variance; negative where features vary less than chance alone would. */
  readonly varBetween: number;
  /** Coefficients of variation, on the log scale only. */
  readonly cvWithin: number | null;
  readonly cvBetween: number | null;
}

/** What the table is computed from. */
export interface VarianceSources {
  /** Residual standard deviation of the differences. */
  readonly sdDiff: number;
  /** Pooled standard deviation of the totals. */
  readonly sdTotal: number;
  readonly df: number;
  readonly treatment: { readonly t: number | null; readonly pTwoSided: number };
  readonly period: { readonly t: number | null; readonly pTwoSided: number };
  readonly sequence: { readonly t: number | null; readonly pTwoSided: number };
  readonly isLogScale: boolean;
}

/**
 * How much of the spread lies within features and how much between them, with the F statistics of
 * treatment and period (against the variance within) and of sequence (against the variance between).
 *
 * Source: Jones & Kenward, Design and Analysis of Cross-Over Trials, ch. 2.
 */
export function crossoverVariance(sources: VarianceSources): CrossoverVariance {
  const { sdDiff, sdTotal, df, treatment, period, sequence, isLogScale } = sources;
  const mseWithin = (sdDiff * sdDiff) / 2;
  const mseBetween = (sdTotal * sdTotal) / 2;
  const varBetween = (mseBetween - mseWithin) / 2;
  return {
    mseWithin,
    mseBetween,
    fTreatment: square(treatment.t),
    fPeriod: square(period.t),
    fSequence: square(sequence.t),
    df1: 1,
    df2: df,
    pTreatment: treatment.pTwoSided,
    pPeriod: period.pTwoSided,
    pSequence: sequence.pTwoSided,
    varBetween,
    cvWithin: isLogScale ? cvFromLogVariance(mseWithin) : null,
    cvBetween: isLogScale ? cvFromLogVariance(Math.max(0, varBetween)) : null,
  };
}

/** The coefficient of variation of a log-normal value: √(exp(variance of the log) − 1). */
function cvFromLogVariance(variance: number): number {
  return Math.sqrt(Math.expm1(variance));
}

function square(t: number | null): number | null {
  return t === null ? null : t * t;
}
