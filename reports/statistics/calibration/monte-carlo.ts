import { openStream, type Rng } from "../randomisation/stream.ts";

/** A rate estimated by simulation. */
export interface MonteCarloRate {
  readonly reps: number;
  readonly rate: number;
  /** Standard error of the rate. */
  readonly mcSe: number;
}

/** From which seed to simulate, and how many experiments. */
export interface SimulationSize {
  readonly rootSeed: string;
  readonly reps: number;
}

/**
 * Runs a scenario `reps` times, each time from the stream `sim|<scenario>|<rep>`, so that any single
 * repetition can be run again.
 */
export function simulate<Result>(
  { rootSeed, scenario, reps }: SimulationSize & { readonly scenario: string },
  run: (rng: Rng) => Result,
): readonly Result[] {
  return Array.from({ length: reps }, (_, rep) =>
    run(openStream(rootSeed, `sim|${scenario}|${rep}`)),
  );
}

/** The share of repetitions in which something happened, with its standard error. */
export function rateOf(hits: readonly boolean[]): MonteCarloRate {
  const reps = hits.length;
  const rate = hits.filter(Boolean).length / reps;
  return { reps, rate, mcSe: Math.sqrt((rate * (1 - rate)) / reps) };
}

/**
 * The smallest number that at least a share p of the experiments do not exceed: by how many pairs
 * they had got there. Numbers may be infinite.
 *
 * @example
 * reachedBy([1, 2, Infinity, Infinity], 0.5); // 2
 */
export function reachedBy(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => (a === b ? 0 : a - b));
  return sorted[Math.max(0, Math.ceil(numbers.length * share) - 1)] ?? Infinity;
}
