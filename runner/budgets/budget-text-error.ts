import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";

/** A budget on the command line or in the environment can't be used as written. */
export class BudgetTextError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}
