import type { CounterbalanceError } from "../domain/errors.ts";
import type { LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow, Row } from "../domain/row.ts";
import type { LineReader } from "./ahead/line-code.ts";

/**
 * A place between two rows of a file, up to which a view has folded. It is plain data, but means
 * something only to the store that gave it.
 */
export interface Position {
  /** Number of the segment, from 1. */
  readonly segment: number;
  /** Bytes from the start of that segment. */
  readonly offset: number;
  /** The hash of the row that ends there; a place whose row has gone is not read from. */
  readonly h: string;
}

/** Rows of a file after a position, and the position after the last of them. */
export interface RowsSince {
  /** Read while iterated, in bounded memory; may be iterated once. */
  readonly rows: Iterable<Row>;
  /** Known at once: rows that come later are not among `rows`. */
  readonly end: Position;
}

/**
 * Is shown the line of a row before the row is parsed, in the rows' order and each byte as one
 * character; a row that it takes (true) is not handed on. A store need not ask it: who gives one can
 * do with the parsed row as well.
 */
export interface TakeLine {
  (line: string): boolean;
  /** Where lines can be read on another thread: how they are taken down there, and taken in here. */
  readonly ahead?: TakeAhead;
}

export interface TakeAhead {
  /** Address of the module that exports `encodeLine`, an EncodeLine. */
  readonly encoder: string;
  /** As TakeLine, of what the encoder took down; it is asked of a line in its place. */
  take(line: LineReader): boolean;
}

/** The reading half of a store. Reading takes no lock and never waits. */
export interface LedgerReader {
  /** Every row of a file, oldest first, as it was when the reading began. */
  read(file: LedgerFile, take?: TakeLine): Iterable<Row>;
  /**
   * The rows after `position` (all of them where it is absent), so that a view folds only what is new.
   * @throws PositionLostError where the row before the position is no longer there: fold from the start.
   */
  readFrom(file: LedgerFile, position?: Position): RowsSince;
}

/**
 * A condition on the ledger as it stands right before these rows, judged under the file's lock: no
 * other process writes to that file between the judgement and the rows. It returns why the rows may
 * not be written, or nothing. It must be quick, and remember positions rather than read all.
 */
export type AppendRule = (ledger: LedgerReader) => CounterbalanceError | undefined;

export interface AppendOptions {
  readonly unless?: AppendRule;
  /**
   * `later` writes the rows at once, so that a kill of the process loses none, but leaves their sync to
   * the next append of that file that wants one, to `heads` or to `close`: for rows that nobody waits for.
   * The promise resolves, as ever, when they are durable. `now` where absent.
   */
  readonly sync?: "now" | "later";
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

/**
 * Where rows are kept. A row whose `append` has resolved is on the disk. One whose `append` has
 * rejected is not there, except after a LedgerSyncFailedError: then it may or may not be, and is tried
 * again with the same id by the next start.
 */
export interface LedgerStore extends LedgerReader {
  /** Names the ledger for as long as it lives; its files belong to no other. */
  readonly ledgerId: string;
  /**
   * Stamps the rows, writes them as one batch, and resolves when they are durable. Appends that are
   * not awaited one by one share one write and one sync per file. A row whose id is there already
   * with the same content is not written again but returned as it is there.
   * @throws RowTooLargeError, RowKeyError, IdConflictError, what `unless` returned, LedgerFullError,
   *   LedgerWriteError, LedgerBusyError, LedgerOverloadedError: nothing was written.
   * @throws LedgerSyncFailedError: unknown; the store takes no more rows.
   */
  append(
    file: LedgerFile,
    rows: readonly NewRow[],
    options?: AppendOptions,
  ): Promise<readonly Row[]>;
  /** The heads of all files that have rows, each synced to the disk before it is told. */
  heads(): Promise<readonly Head[]>;
  /** Waits for what was handed in and closes the files. */
  close(): Promise<void>;
}
