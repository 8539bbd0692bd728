import { logWealthByPrefix } from "../anytime/bounded-mean-bet.ts";
import type { Rng } from "../randomisation/stream.ts";
import { rateOf, simulate, type MonteCarloRate } from "./monte-carlo.ts";

const RHO = 0.8;
const ALPHA = 0.05;
const GRID = 20;
const REDRAWS_MAX = 10_000;

/** Qualities at which the candidate keeps exactly 0.8 of the baseline's. */
export type BoundaryShape = "bernoulli" | "halfway" | "beta";

/** All of them. */
export const BOUNDARY_SHAPES: readonly BoundaryShape[] = ["bernoulli", "halfway", "beta"];

/**
 * How often does the bet on quality confirm what is not so when one looks after every feature? At
 * the boundary of the null hypothesis, for three very different distributions of scores.
 */
export function bettingErrors(
  shape: BoundaryShape,
  {
    rootSeed,
    reps,
    maxPairs = 100,
  }: {
    readonly rootSeed: string;
    readonly reps: number;
    readonly maxPairs?: number;
  },
): { readonly shape: BoundaryShape; readonly bound: number } & MonteCarloRate {
  const hits = simulate({ rootSeed, scenario: `betting-${shape}`, reps }, (rng) => {
    const contrasts = Array.from({ length: maxPairs }, () => drawContrast(shape, rng));
    const wealth = logWealthByPrefix(contrasts, { bound: RHO, grid: GRID });
    return wealth.some((logE) => logE >= -Math.log(ALPHA));
  });
  return { shape, bound: ALPHA, ...rateOf(hits) };
}

/** B − 0.8·A, with mean 0. */
function drawContrast(shape: BoundaryShape, rng: Rng): number {
  switch (shape) {
    case "bernoulli":
      return (rng() < 0.8 ? 1 : 0) - RHO;
    case "halfway":
      return (rng() < 0.2 ? 0 : 0.9) - RHO * 0.9;
    case "beta": {
      const a = Math.exp(Math.log1p(-rng()) / 9);
      return drawBeta(7.2, 2.8, rng) - RHO * a;
    }
  }
}

/** By rejection from the uniform under the density's peak; for shapes above 1. */
function drawBeta(a: number, b: number, rng: Rng): number {
  const mode = (a - 1) / (a + b - 2);
  const logDensity = (x: number) => (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x);
  for (let count = 0; count < REDRAWS_MAX; count += 1) {
    const x = rng();
    if (x > 0 && Math.log1p(-rng()) <= logDensity(x) - logDensity(mode)) return x;
  }
  return mode;
}
