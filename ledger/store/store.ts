import type { CounterbalanceError } from "../domain/errors.ts";
import type { LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow, Row } from "../domain/row.ts";

/**
 * A place between two rows of a file, up to which a view has folded. It is plain data, but means
 * something only to the store that gave it.
 */
export interface Position {
  /** Number of the segment, from 1. */
  readonly segment: number;
  /** Bytes from the start of that segment. */
  readonly offset: number;
  /** The hash of the row that ends there. If that row is gone, reading from here fails. */
  readonly h: string;
}

/** Rows of a file after a position, and the position after the last of them. */
export interface RowsSince {
  /** Read while iterated, in bounded memory; may be iterated once. */
  readonly rows: Iterable<Row>;
  /** Known at once: `rows` does not include later rows. */
  readonly end: Position;
}

/**
 * Receives the line of a row before the row is parsed, each byte as one character. It returns true
 * if it has taken the row, which the reader then skips. A store may return every row without
 * asking.
 */
export type TakeLine = (line: string) => boolean;

/** The reading half of a store. Reading takes no lock and never waits. */
export interface LedgerReader {
  /** Every row of a file, oldest first, as it was when the reading began. */
  read(file: LedgerFile, take?: TakeLine): Iterable<Row>;
  /**
   * The rows after `position` (all rows if it is absent), so that a view folds only new rows.
   * @throws PositionLostError if the row before the position is gone: fold from the start.
   */
  readFrom(file: LedgerFile, position?: Position, take?: TakeLine): RowsSince;
}

/**
 * A condition on the ledger right before these rows. It runs under the file's lock, so no other
 * process writes to that file in between. It returns why the rows may not be written, or nothing.
 * It must be quick, and remember positions instead of reading everything.
 */
export type AppendRule = (ledger: LedgerReader) => CounterbalanceError | undefined;

export interface AppendOptions {
  readonly unless?: AppendRule;
  /**
   * `later` writes the rows at once, so that a kill of the process loses none, but does not sync
   * them. The next append with `now`, `heads` or `close` syncs them. Use it for rows that no caller
   * waits for. The promise still resolves when they are durable. The default is `now`.
   */
  readonly sync?: "now" | "later";
  /** The caller does not read what its rows say, so that the rows in the answer may have their envelope only. */
  readonly isBrief?: boolean;
}

/** The last row of a file that is known to be on the disk. */
export interface Head {
  readonly file: LedgerFile;
  readonly segment: number;
  readonly seq: number;
  readonly h: string;
  /** Length of the segment in bytes up to the end of that row. */
  readonly bytes: number;
}

/** A file that ends in bytes of a torn write. */
export interface TornFile {
  readonly file: LedgerFile;
  readonly bytes: number;
}

/** The last row of a file. */
export type FileEnd = Pick<Head, "file" | "seq" | "h">;

/** A ledger as it was at one moment. Rows that are written later are not in it. */
export interface LedgerSnapshot extends LedgerReader {
  readonly ledgerId: string;
  /** The last row of each file that has rows. */
  readonly ends: readonly FileEnd[];
}

/**
 * A place for rows. If `append` has resolved, the row is on the disk. If it has rejected, the row
 * is not there, except after a LedgerSyncFailedError: then it may or may not be, and the next start
 * retries with the same id.
 */
export interface LedgerStore extends LedgerReader {
  /** Present if the files can't be written to: every append is refused, and nothing is mended. */
  readonly readOnly?: { readonly tornFiles: readonly TornFile[] };
  /** Names the ledger for as long as it lives; its files belong to no other. */
  readonly ledgerId: string;
  /**
   * Stamps the rows, writes them as one batch, and resolves when they are durable. Concurrent
   * appends share one write and one sync per file. If a row with the same id and content exists, it
   * is returned and not written again.
   * @throws RowTooLargeError, RowKeyError, IdConflictError, the error that `unless` returned,
   * LedgerFullError, LedgerWriteError, LedgerBusyError, LedgerOverloadedError: nothing was written.
   * @throws LedgerSyncFailedError: the outcome is unknown; the store accepts no more rows.
   */
  append(
    file: LedgerFile,
    rows: readonly NewRow[],
    options?: AppendOptions,
  ): Promise<readonly Row[]>;
  /** The heads of all files that have rows, each synced to the disk first. */
  heads(): Promise<readonly Head[]>;
  /** The rows up to now, for figures that name the ledger they were made of. */
  snapshot(): LedgerSnapshot;
  /** Waits for all appends and closes the files. */
  close(): Promise<void>;
}
