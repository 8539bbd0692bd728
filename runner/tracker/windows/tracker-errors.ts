import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { EXIT } from "../../../ledger/domain/exit-codes.ts";

/** The request can't be read, or names something that does not exist. */
export class TrackerUsageError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

/** A clean-data invariant forbids the request; nothing was written. */
export class InvariantRefusedError extends CounterbalanceError {
  readonly exitCode = EXIT.refused;
}

/** Other processes wrote to the same file again and again while this one tried to. */
export class WindowBusyError extends CounterbalanceError {
  readonly exitCode = EXIT.failed;
}
