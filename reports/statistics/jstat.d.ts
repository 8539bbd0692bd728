/** The part of jstat that we use: start values of quantiles, and comparisons in tests. */
declare module "jstat" {
  interface WithOneParameter {
    cdf(x: number, df: number): number;
    inv(p: number, df: number): number;
  }
  interface WithTwoParameters {
    cdf(x: number, first: number, second: number): number;
    inv(p: number, first: number, second: number): number;
  }
  export const studentt: WithOneParameter & { pdf(x: number, df: number): number };
  export const chisquare: WithOneParameter;
  export const beta: WithTwoParameters;
  export const normal: WithTwoParameters;
}
