import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/** A budget on the command line or in the environment that can't be used as it is written. */
export class BudgetTextError extends CounterbalanceError {
  readonly exitCode = 2;
}
