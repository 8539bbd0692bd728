import type { LineCursor } from "./line-cursor.ts";
import { LINE_PREFIX, trueHashOf } from "./row-line.ts";

const CANDIDATES_MAX = 16;

/** A valid row in a line starts at the line's start, or behind the rest of a torn write. */
export interface FoundRow {
  readonly start: number;
  readonly h: string;
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
