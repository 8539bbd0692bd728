import { CounterbalanceError } from "../domain/errors.ts";
import { EXIT } from "../domain/exit-codes.ts";

/** The optional package that reads the ledger as tables is not installed. */
export class DuckdbMissingError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

/** A query that can't be answered. */
export class QueryError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}
