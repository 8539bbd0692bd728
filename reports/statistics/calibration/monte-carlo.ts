import { openStream, type Rng } from "../randomisation/stream.ts";

/** A rate estimated by simulation. */
export interface MonteCarloRate {
  readonly reps: number;
  readonly rate: number;
  /** Standard error of the rate. */
  readonly mcSe: number;
}

/** A simulated scenario: its name opens a stream of its own for each repetition. */
export interface Simulation {
  readonly rootSeed: string;
  readonly scenario: string;
  readonly reps: number;
}

/**
 * Runs a scenario `reps` times, each time from the stream `sim|<scenario>|<rep>`, so that any single
 * repetition can be looked at again.
 */
export function simulate<Result>(
  { rootSeed, scenario, reps }: Simulation,
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
