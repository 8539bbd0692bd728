import type { LineCursor } from "./line-cursor.ts";
import { LINE_PREFIX, trueHashOf } from "./row-line.ts";

const CANDIDATES_MAX = 16;

/** Where in a line a valid row starts: at its start, or behind what a torn write left there. */
export interface FoundRow {
  readonly start: number;
  readonly h: string;
}

/** The row in the cursor's line; undefined where the line holds none. */
export function findRow(cursor: LineCursor): FoundRow | undefined {
  const whole = trueHashOf(cursor.bytes, cursor.start, cursor.end);
  return whole === undefined ? findGluedRow(cursor) : { start: cursor.start, h: whole };
}

/** A writer that was killed leaves half a row; the row after it may stand on the same line. */
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
