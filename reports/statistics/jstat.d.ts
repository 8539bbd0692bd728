/** The part of jstat that tests compare against, to the accuracy that it has. */
declare module "jstat" {
  export const studentt: {
    cdf(x: number, df: number): number;
    pdf(x: number, df: number): number;
    inv(p: number, df: number): number;
  };
  export const beta: {
    cdf(x: number, alpha: number, beta: number): number;
    inv(p: number, alpha: number, beta: number): number;
  };
  export const chisquare: { cdf(x: number, df: number): number };
  export const normal: { cdf(x: number, mean: number, sd: number): number };
  export const noncentralt: { cdf(x: number, df: number, ncp: number): number };
}
