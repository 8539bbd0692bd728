import type { Row } from "../domain/row.ts";
import { parseRow } from "./envelope.ts";
import type { FileSystem } from "./file-system.ts";
import { findRow } from "./find-row.ts";
import { LINE_BYTES_MAX, LineCursor, type Span } from "./line-cursor.ts";
import { trueHashOf } from "./row-line.ts";
import { LedgerVersionError } from "./store-errors.ts";

const NEWLINE = 0x0a;
const TAIL_BYTES = 32_768;
/** Most rows are shorter; reading so much needs no memory of its own. */
const ROW_BYTES = 2_048;

/** The last row of a segment, and where it ends (with its newline, where it has one). */
export interface LastRow {
  readonly row: Row;
  readonly end: number;
}

/**
 * The last valid row in a range of a segment that begins at a row's start. A clean end is found by
 * reading that end alone; after a torn one the range is read from its start.
 */
export function lastRowIn(fileSystem: FileSystem, span: Span): LastRow | undefined {
  if (span.to <= span.from) return undefined;
  return lastOfCleanEnd(fileSystem, span) ?? lastOfScan(fileSystem, span);
}

/** The number of the first row in a range; undefined where it holds none. */
export function firstSeqIn(fileSystem: FileSystem, span: Span): number | undefined {
  const cursor = new LineCursor(fileSystem, span, TAIL_BYTES);
  while (cursor.next()) {
    const found = findRow(cursor);
    if (found === undefined) continue;
    const line = Buffer.from(cursor.bytes.subarray(found.start, cursor.end));
    return describe(line, cursor.offsetAfter).row.seq;
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
    if (h !== undefined) return describe(bytes.subarray(start, end), span.to);
    if (isWhole) return undefined;
  }
  return undefined;
}

function lastOfScan(fileSystem: FileSystem, span: Span): LastRow | undefined {
  const cursor = new LineCursor(fileSystem, span);
  let last: { line: Buffer; end: number } | undefined;
  while (cursor.next()) {
    const found = findRow(cursor);
    if (found === undefined) continue;
    const line = Buffer.from(cursor.bytes.subarray(found.start, cursor.end));
    last = { line, end: cursor.offsetAfter };
  }
  return last === undefined ? undefined : describe(last.line, last.end);
}

function describe(line: Buffer, end: number): LastRow {
  const row = parseRow(line.toString());
  if (row === undefined) {
    throw new LedgerVersionError(
      `Expected a row of envelope version 1 at the end of a ledger file, got ${line.toString("utf8", 0, 80)}…. ` +
        `It was written by a later version of this program; use that one.`,
    );
  }
  return { row, end };
}
