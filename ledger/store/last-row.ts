import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { isOfOtherVersion, parseRow } from "./envelope.ts";
import type { FileSystem, LedgerFolder } from "./file-system.ts";
import { findRow, LINE_BYTES_MAX, LineCursor, type Span, wholeOf } from "./line-cursor.ts";
import { trueHashOf } from "./row-line.ts";
import { type SegmentAddress, withSegment } from "./segments.ts";
import { LedgerDamagedError, LedgerVersionError } from "./store-errors.ts";

const NEWLINE = 0x0a;
const TAIL_BYTES = 32_768;
/** Most rows are shorter; reading so much needs no memory of its own. */
const ROW_BYTES = 2_048;

/** The last row of a segment. */
export interface LastRow {
  readonly line: string;
  readonly h: string;
  /** End of the row, including its newline if it has one. */
  readonly end: number;
  readonly isTerminated: boolean;
}

/** The last valid row of a segment; undefined if it has none, or is not there. */
export function lastRowOf(place: LedgerFolder, address: SegmentAddress): LastRow | undefined {
  const { fileSystem } = place;
  return withSegment(place, address, (fd) => lastRowIn(fileSystem, wholeOf(fileSystem, fd)));
}

/**
 * The last valid row in a range of a segment that begins at a row's start. A clean end is found by
 * reading that end alone; after a torn one the range is read from its start.
 */
export function lastRowIn(fileSystem: FileSystem, span: Span): LastRow | undefined {
  if (span.to <= span.from) return undefined;
  return lastOfCleanEnd(fileSystem, span) ?? lastOfScan(fileSystem, span);
}

/** The number of the first row in a range of a file; undefined if it holds none. */
export function firstSeqIn(
  fileSystem: FileSystem,
  file: LedgerFile,
  span: Span,
): number | undefined {
  const cursor = new LineCursor(fileSystem, span, TAIL_BYTES);
  while (cursor.next()) {
    const found = findRow(cursor);
    if (found === undefined) continue;
    return parseLine(file, cursor.bytes.toString("utf8", found.start, cursor.end)).seq;
  }
  return undefined;
}

function lastOfCleanEnd(fileSystem: FileSystem, span: Span): LastRow | undefined {
  for (const wanted of [ROW_BYTES, TAIL_BYTES, LINE_BYTES_MAX]) {
    const from = Math.max(span.from, span.to - wanted);
    const bytes = Buffer.allocUnsafe(span.to - from);
    const end = fileSystem.read(span.fd, bytes, from) - 1;
    if (end + 1 !== bytes.length || bytes[end] !== NEWLINE) return undefined;
    const start = end === 0 ? 0 : bytes.lastIndexOf(NEWLINE, end - 1) + 1;
    const isWhole = start > 0 || from === span.from;
    const h = isWhole ? trueHashOf(bytes, start, end) : undefined;
    if (h !== undefined) {
      return { line: bytes.toString("utf8", start, end), h, end: span.to, isTerminated: true };
    }
    if (isWhole) return undefined;
  }
  return undefined;
}

function lastOfScan(fileSystem: FileSystem, span: Span): LastRow | undefined {
  const cursor = new LineCursor(fileSystem, span);
  let last: (Omit<LastRow, "line"> & { readonly line: Buffer }) | undefined;
  while (cursor.next()) {
    const found = findRow(cursor);
    if (found === undefined) continue;
    const line = Buffer.from(cursor.bytes.subarray(found.start, cursor.end));
    const { offsetAfter: end, isTerminated } = cursor;
    last = { line, h: found.h, end, isTerminated };
  }
  return last && { ...last, line: last.line.toString() };
}

/**
 * Reads a line whose hash is right.
 * @throws LedgerVersionError if a later version wrote it, LedgerDamagedError if none did.
 */
export function parseLine(file: LedgerFile, line: string): Row {
  const row = parseRow(line);
  if (row !== undefined) return row;
  const place = `${file}.jsonl`;
  if (isOfOtherVersion(line)) throw LedgerVersionError.ofRow(place, line);
  throw new LedgerDamagedError(
    `${place}: expected a row that is JSON, got one whose hash is right and that can't be read: ${line.slice(0, 80)}…. ` +
      `This program has not written it. Nothing was changed; restore the file from a copy.`,
  );
}
