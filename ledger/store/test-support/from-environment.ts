import { env } from "node:process";

/** How long a test runs: short unless the variable asks for more, as the nightly run does. */
export function numberFrom(variable: string, fallback: number): number {
  const value = Number(env[variable] ?? fallback);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${variable}: expected a number of repetitions, got ${env[variable]}.`);
  }
  return value;
}
