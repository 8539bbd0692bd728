/** Both tails of a distribution, each to full relative precision, with their logarithms. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
  readonly logLower: number;
  readonly logUpper: number;
}

/** Builds both tails from the logarithm of the lower one. */
export function tailsFromLogLower(logLower: number): Tails {
  const lower = Math.min(1, Math.exp(logLower));
  return { lower, upper: 1 - lower, logLower: Math.min(0, logLower), logUpper: Math.log1p(-lower) };
}

/** Exchanges lower and upper. */
export function swapTails(tails: Tails): Tails {
  return {
    lower: tails.upper,
    upper: tails.lower,
    logLower: tails.logUpper,
    logUpper: tails.logLower,
  };
}
