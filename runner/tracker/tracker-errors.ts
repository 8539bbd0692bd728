import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/** What was asked for can't be read or doesn't exist. */
export class TrackerUsageError extends CounterbalanceError {
  readonly exitCode = 2;
}

/** A clean-data invariant forbids what was asked for; nothing was written. */
export class InvariantRefusedError extends CounterbalanceError {
  readonly exitCode = 3;
}

/** The row does not count any more, so that it can't be undone. */
export class RowEndedError extends InvariantRefusedError {
  constructor(id: string) {
    super(
      `--id ${id}: expected a row that counts, got one that was undone or corrected before. Nothing was written.`,
    );
  }
}

/** An anomaly is part of what happened. */
export class AnomalyStaysError extends InvariantRefusedError {
  constructor(id: string) {
    super(
      `--id ${id}: an anomaly never disappears; what it touches is shown as touched until that is undone or corrected. Nothing was written.`,
    );
  }
}

/** A large capture could not be written to its file. */
export class CaptureNotKeptError extends CounterbalanceError {
  readonly exitCode = 1;
}

/** Other agents wrote the same window again and again while this one tried to. */
export class WindowBusyError extends CounterbalanceError {
  readonly exitCode = 1;
}
