import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { EXIT } from "../../../ledger/domain/exit-codes.ts";

/**
 * An argument outside the domain of a mathematical function, such as a probability of 1.5.
 * Degenerate data never raises this: analyses return a status and `null` fields instead.
 */
export class StatisticsDomainError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

/** Refuses an argument that is outside the function's domain. */
export function requireDomain(holds: boolean, expectation: string, got: number): void {
  if (!holds) throw new StatisticsDomainError(`Expected ${expectation}, got ${got}.`);
}
