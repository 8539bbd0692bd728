import { analyseCrossover } from "../cost/crossover.ts";
import type { Rng } from "../randomisation/stream.ts";
import { drawNormal } from "./draw-errors.ts";
import { drawPairs } from "./draw-pairs.ts";
import { rateOf, simulate, type MonteCarloRate } from "./monte-carlo.ts";

const TRUE_EFFECT = 1;

/** One cell of the coverage table. */
export interface CoverageCell {
  /** Pairs. */
  readonly n: number;
  /** Standard deviation of the log ratios. */
  readonly sd: number;
  /** Effect of period 1 over period 2. */
  readonly period: number;
}

/**
 * How often does the 95 % interval of the cross-over cover the truth? Simulates whole experiments
 * with normal errors and a period effect, and analyses each one as a report would.
 */
export function crossoverCoverage(
  { n, sd, period }: CoverageCell,
  { rootSeed, reps }: { readonly rootSeed: string; readonly reps: number },
): CoverageCell & { readonly nominal: number } & MonteCarloRate {
  const scenario = `crossover-coverage-${n}`;
  const hits = simulate({ rootSeed, scenario, reps }, (rng) => isCovered({ n, sd, period }, rng));
  return { n, sd, period, nominal: 0.95, ...rateOf(hits) };
}

function isCovered({ n, sd, period }: CoverageCell, rng: Rng): boolean {
  const truth = { effect: TRUE_EFFECT, sd, period, shape: "normal" } as const;
  const { d, z } = drawPairs(truth, n, rng);
  const pairs = d.map((difference, index) => {
    // What a feature costs in itself cancels out of the difference.
    const feature = drawNormal(rng);
    const half = (z[index] === 1 ? difference : -difference) / 2;
    return {
      sequence: z[index] === 1 ? ("AB" as const) : ("BA" as const),
      period1: Math.exp(feature + half),
      period2: Math.exp(feature - half),
    };
  });
  const { ci95Lower, ci95Upper } = analyseCrossover({ pairs });
  if (ci95Lower === null || ci95Upper === null) return false;
  return ci95Lower <= TRUE_EFFECT && TRUE_EFFECT <= ci95Upper;
}
