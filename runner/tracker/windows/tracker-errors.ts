import { FailedError, RefusedError, UsageError } from "../../../ledger/domain/errors.ts";

/** The request can't be read, or names something that does not exist. */
export class TrackerUsageError extends UsageError {}

/** A clean-data invariant forbids the request; nothing was written. */
export class InvariantRefusedError extends RefusedError {}

/** Other processes wrote to the same file again and again while this one tried to. */
export class WindowBusyError extends FailedError {}
