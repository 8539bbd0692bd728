import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { EXIT } from "../../../ledger/domain/exit-codes.ts";

/** A configuration file, an option or an environment variable can't be used as written. */
export class ConfigurationError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}
