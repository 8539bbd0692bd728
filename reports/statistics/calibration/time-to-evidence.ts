import { costEProcess } from "../anytime/cost-e-process.ts";
import { drawPairs } from "./draw-pairs.ts";
import { simulate } from "./monte-carlo.ts";

const ALPHA = 0.05;

/** How many pairs until the evidence is there. */
export interface TimeToEvidence {
  /** True effect beyond the null value, in standard deviations. */
  readonly delta: number;
  readonly reps: number;
  /** Infinity where most experiments do not get there. */
  readonly medianPairs: number;
  /** By when four in five experiments have got there. */
  readonly p80Pairs: number;
  readonly reachedBy60: number;
}

/**
 * How long does a true saving take to be seen? Simulates experiments of up to 60 pairs and finds the
 * first pair at which the e-value reaches 20.
 */
export function timeToEvidence(
  delta: number,
  { rootSeed, reps }: { readonly rootSeed: string; readonly reps: number },
): TimeToEvidence {
  const truth = { effect: delta, sd: 1, period: 0.3, shape: "normal" } as const;
  const firsts = simulate({ rootSeed, scenario: `evidence-${delta}`, reps }, (rng) => {
    const { logEGreater } = costEProcess({ ...drawPairs(truth, 60, rng), null: 1 });
    const index = logEGreater.findIndex((logE) => logE >= -Math.log(ALPHA));
    return index === -1 ? Infinity : index + 1;
  });
  return {
    delta,
    reps,
    medianPairs: lowerQuantile(firsts, 0.5),
    p80Pairs: lowerQuantile(firsts, 0.8),
    reachedBy60: firsts.filter((pairs) => pairs <= 60).length / reps,
  };
}

/**
 * The smallest value that at least a share p of the values do not exceed, which needs no arithmetic
 * with infinities.
 *
 * @example
 * lowerQuantile([1, 2, Infinity, Infinity], 0.5); // 2
 */
export function lowerQuantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => (a === b ? 0 : a - b));
  return sorted[Math.max(0, Math.ceil(values.length * p) - 1)] ?? Infinity;
}
