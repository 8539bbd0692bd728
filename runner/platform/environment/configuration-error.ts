import { UsageError } from "../../../ledger/domain/errors.ts";

/** A configuration file, an option or an environment variable can't be used as written. */
export class ConfigurationError extends UsageError {}
