import type { FileSystem } from "./file-system.ts";
import { CR_LF, TAKE_BACK } from "./line-ends.ts";
import { endsAsRow, hashAtEnd, LINE_PREFIX, trueHashOf } from "./row-line.ts";

const NEWLINE = 0x0a;
const CR = 0x0d;
/** The sectors of all disks are multiples of it. */
const SECTOR_BYTES = 64;
/** Twice the longest row and its envelope; what is longer is not a row. */
export const LINE_BYTES_MAX = 2_200_000;
const BUFFER_BYTES = 4_400_000;
const FIRST_READ_BYTES = 1_048_576;

/** A range of an open file. */
export interface Span {
  readonly fd: number;
  readonly from: number;
  readonly to: number;
}

/** All of an open file, as long as it is now. */
export function wholeOf(fileSystem: FileSystem, fd: number): Span {
  return { fd, from: 0, to: fileSystem.stateOf(fd).size };
}

/**
 * Walks over the lines of a file in bounded memory. After `next()` has returned true the line is
 * `bytes[start…end)` until the next call; nothing is allocated per line.
 */
export class LineCursor {
  bytes: Buffer;
  start = 0;
  end = 0;
  /** Whether a newline follows. The last line of a torn file has none. */
  isTerminated = false;
  /** Those of the bytes that are of the file. */
  #held: Buffer = Buffer.alloc(0);
  readonly #fileSystem: FileSystem;
  readonly #span: Span;
  #filled = 0;
  #following = 0;
  /** Place of the buffer's first byte in the file. */
  #base: number;

  constructor(fileSystem: FileSystem, span: Span, readBytes = FIRST_READ_BYTES) {
    this.#fileSystem = fileSystem;
    this.#span = span;
    this.#base = span.from;
    this.bytes = Buffer.allocUnsafe(Math.min(readBytes, Math.max(1, span.to - span.from)));
  }

  /** Place of the line's first byte in the file. */
  get offset(): number {
    return this.#base + this.start;
  }

  /** Place of the next line's first byte in the file. */
  get offsetAfter(): number {
    return this.#base + this.#following;
  }

  next(): boolean {
    this.start = this.#following;
    let searched = this.start;
    for (;;) {
      const newline = this.#held.indexOf(NEWLINE, searched);
      if (newline !== -1) return this.#stopAt(newline, true);
      if (this.#filled - this.start >= LINE_BYTES_MAX) return this.#stopAt(this.#cut(), false);
      const unread = this.#filled - this.start;
      if (!this.#fill()) return unread > 0 && this.#stopAt(this.#filled, false);
      searched = this.start + unread;
    }
  }

  #stopAt(end: number, isTerminated: boolean): true {
    this.end = end;
    this.isTerminated = isTerminated;
    this.#following = isTerminated ? end + 1 : end;
    return true;
  }

  /** An endless line is returned in pieces, cut at places where a row may begin. */
  #cut(): number {
    const prefix = this.#held.lastIndexOf(LINE_PREFIX);
    return prefix > this.start ? prefix : this.#filled - LINE_PREFIX.length;
  }

  /** Moves the line to the buffer's start and reads on; false at the end of the range. */
  #fill(): boolean {
    const held = this.#filled - this.start;
    const capacity = held * 2 > this.bytes.length ? BUFFER_BYTES : this.bytes.length;
    const target = capacity === this.bytes.length ? this.bytes : Buffer.allocUnsafe(capacity);
    this.bytes.copy(target, 0, this.start, this.#filled);
    this.bytes = target;
    this.#base += this.start;
    this.start = 0;
    this.#hold(held);
    const position = this.#base + held;
    const wanted = Math.min(target.length - held, this.#span.to - position);
    if (wanted <= 0) return false;
    const into = target.subarray(held, held + wanted);
    const bytesRead = this.#fileSystem.read(this.#span.fd, into, position);
    this.#hold(held + bytesRead);
    return bytesRead > 0;
  }

  #hold(bytes: number): void {
    this.#filled = bytes;
    this.#held = this.bytes.subarray(0, bytes);
  }
}

const CANDIDATES_MAX = 16;

/** A valid row in a line starts at the line's start, or after the rest of a torn write. */
export interface FoundRow {
  readonly start: number;
  readonly h: string;
}

/** The row in a line that the caller knows to be a row. */
export function wholeRow({ bytes, start, end }: LineCursor): FoundRow {
  return { start, h: hashAtEnd(bytes, end) };
}

/** The row in the cursor's line; undefined if the line holds none. */
export function findRow(cursor: LineCursor): FoundRow | undefined {
  const whole = trueHashOf(cursor.bytes, cursor.start, cursor.end);
  return whole === undefined ? findGluedRow(cursor) : { start: cursor.start, h: whole };
}

/** A killed writer leaves half a row, and the next row may follow on the same line. */
function findGluedRow(cursor: LineCursor): FoundRow | undefined {
  const line = cursor.bytes.subarray(cursor.start, cursor.end);
  let at = line.length;
  for (let candidate = 0; candidate < CANDIDATES_MAX && at > 0; candidate += 1) {
    at = line.lastIndexOf(LINE_PREFIX, at - 1);
    if (at <= 0) return undefined;
    const h = trueHashOf(line, at, line.length);
    if (h !== undefined) return { start: cursor.start + at, h };
  }
  return undefined;
}

/**
 * Whether the bytes of the cursor's line up to `end`, which are not a row, once were one: a row ends in
 * a newline or in its hash, and a torn write in neither. One flipped bit leaves a row its start or
 * its end.
 */
export function wasRow(cursor: LineCursor, end = cursor.end): boolean {
  const { bytes, start, isTerminated } = cursor;
  if (hasHole(cursor, end)) return false;
  return (
    endsAsRow(bytes, start, end) ||
    (isTerminated && bytes.toString("latin1", start, start + LINE_PREFIX.length) === LINE_PREFIX) ||
    trueHashOf(bytes, start, end - 1) !== undefined
  );
}

/** The row in a line to which something added a CR; undefined if the line holds no row. */
export function rowBeforeCr({ bytes, start, end }: LineCursor): FoundRow | undefined {
  if (bytes[end - 1] !== CR) return undefined;
  const h = trueHashOf(bytes, start, end - 1);
  return h === undefined ? undefined : { start, h };
}

export const NO_ROW_NOW = "these bytes were a row and no longer are";

/** How a range that ends a file, and is not a row, was changed after it was written; undefined for a torn write. */
export function changeIn(fileSystem: FileSystem, span: Span): string | undefined {
  const cursor = new LineCursor(fileSystem, span);
  while (cursor.next()) if (wasRow(cursor)) return sayChange(cursor, NO_ROW_NOW);
  return undefined;
}

/** Names changed line ends, and says everything else in the caller's words. */
export function sayChange(cursor: LineCursor, others: string): string {
  return rowBeforeCr(cursor) === undefined ? others : `its rows end in ${CR_LF}. ${TAKE_BACK}`;
}

/**
 * Whether a sector was never written. No row contains a zero byte; a machine that stopped leaves
 * them up to the sector's end. A flipped bit makes a single one at most.
 */
function hasHole({ bytes, start, offset }: LineCursor, end: number): boolean {
  for (let at = bytes.indexOf(0, start); at !== -1 && at < end; at = bytes.indexOf(0, at + 1)) {
    if (bytes[at + 1] === 0 || (offset + at - start + 1) % SECTOR_BYTES === 0) return true;
  }
  return false;
}
