import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { parseRow } from "./envelope.ts";
import type { LedgerFolder } from "./file-system.ts";
import { findRow, LineCursor } from "./line-cursor.ts";
import { withSegment } from "./segments.ts";

export interface RowPlace {
  readonly segment: number;
  readonly offset: number;
}

const READ_BYTES = 4_096;

/** The valid row that starts at a place; undefined where none does. */
export function readRowAt(place: LedgerFolder, file: LedgerFile, at: RowPlace): Row | undefined {
  return withSegment(place, { file, segment: at.segment }, (fd) => {
    const to = place.fileSystem.stateOf(fd).size;
    const cursor = new LineCursor(place.fileSystem, { fd, from: at.offset, to }, READ_BYTES);
    if (!cursor.next() || findRow(cursor)?.start !== cursor.start) return undefined;
    return parseRow(cursor.bytes.toString("utf8", cursor.start, cursor.end));
  });
}
