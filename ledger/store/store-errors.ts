import { DamagedError, FailedError, RefusedError, UsageError, hasCode } from "../domain/errors.ts";
import type { LedgerFile } from "../domain/ledger-file.ts";
import { CR_LF, TAKE_BACK } from "./line-ends.ts";

const SHOWN_CHARS = 80;

/**
 * The folder cannot hold a ledger: it is read-only, on a network file system, or full of other
 * files.
 */
export class LedgerFolderError extends UsageError {}

/** Rows that were acknowledged, or whole files, are no longer what they were. */
export class LedgerDamagedError extends DamagedError {}

/** The header is what was written but for its line end. */
export class LineEndsError extends LedgerDamagedError {
  readonly ledgerId: string;

  constructor(path: string, ledgerId: string) {
    super(`${path}: its line ends in ${CR_LF}. Nothing was changed. ${TAKE_BACK}`);
    this.ledgerId = ledgerId;
  }
}

/** The ledger was written by a later version of the format than this program knows. */
export class LedgerVersionError extends UsageError {
  /** @param place The file, and the place in it. */
  static ofRow(place: string, line: string): LedgerVersionError {
    return new LedgerVersionError(
      `${place}: expected a row of envelope version 1, got ${line.slice(0, SHOWN_CHARS)}…. ` +
        `It is not damaged: a later version of this program wrote it. Nothing was changed; use that version.`,
    );
  }
}

export class RowTooLargeError extends RefusedError {}

/** A payload uses a name that belongs to the envelope. */
export class RowKeyError extends RefusedError {}

/** A row with this id is there already and says something else. */
export class IdConflictError extends RefusedError {
  readonly id: string;

  constructor(place: string, id: string) {
    super(
      `${place}: expected the id ${id} to be new or to carry the same content, got other content. ` +
        `A correction is a new row with its own id and "supersedes".`,
    );
    this.id = id;
  }
}

/** Nothing of the batch was kept. The rows may be appended again when there is room. */
export class LedgerFullError extends FailedError {}

/** The disk refused the rows, and kept nothing of them. */
class LedgerWriteError extends FailedError {}

/** The outcome is unknown: the rows may or may not survive. The store accepts no more rows. */
export class LedgerSyncFailedError extends FailedError {}

/** Another process has held a file's lock for too long. */
export class LedgerBusyError extends FailedError {}

/** More is waiting to be written than memory should hold: await the appends. */
export class LedgerOverloadedError extends FailedError {
  constructor(place: string, bytes: { readonly max: number; readonly waiting: number }) {
    super(
      `${place}: expected at most ${bytes.max} bytes waiting to be written, got ${bytes.waiting}. ` +
        `Await appends before handing in more.`,
    );
  }
}

export class StoreClosedError extends FailedError {
  constructor(place: string) {
    super(
      `${place}: expected an open ledger, got one that was closed. Open it again before appending.`,
    );
  }
}

/** The row that a view last folded is gone. The view has to be folded from the start. */
export class PositionLostError extends FailedError {}

/** Bytes of a ledger that are not what was written. */
export interface Damage {
  readonly file: LedgerFile;
  readonly segment: number;
  /** Bytes from the start of the segment. */
  readonly offset: number;
  /** 0 if something is missing. */
  readonly bytes: number;
  readonly what: string;
}

/** The error for a caller whose rows the disk refused; other errors stay as they are. */
export function explainFailure(file: LedgerFile, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  if (hasCode(error, "ENOSPC", "EDQUOT")) {
    return new LedgerFullError(
      `${file}.jsonl: expected room on the disk for the next rows, got none. Nothing of them was kept, ` +
        `and what was acknowledged before is safe. Make room, then append them again.`,
      { cause: error },
    );
  }
  return new LedgerWriteError(
    `${file}.jsonl: expected the disk to take the next rows, got: ${error.message}. Nothing of them was kept, ` +
      `and what was acknowledged before is safe. Check the disk and the folder's rights, then append them again.`,
    { cause: error },
  );
}
