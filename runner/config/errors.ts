import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/** A configuration file, an option or an environment variable that can't be used as it is. */
export class ConfigurationError extends CounterbalanceError {
  readonly exitCode = 2;
}
