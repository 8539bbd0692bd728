import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/**
 * A mathematical function was asked outside its domain, such as a quantile of probability 1.5.
 * Degenerate data never raises this: analyses answer them with a status and `null` fields.
 */
export class StatisticsDomainError extends CounterbalanceError {
  readonly exitCode = 2;
}

/** Refuses an argument that is outside the function's domain. */
export function requireDomain(holds: boolean, expectation: string, got: number): void {
  if (!holds) throw new StatisticsDomainError(`Expected ${expectation}, got ${got}.`);
}
