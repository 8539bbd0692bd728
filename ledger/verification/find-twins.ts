import type { LedgerFile } from "../domain/ledger-file.ts";
import type { RowPlace } from "../store/id-index.ts";
import type { LedgerFolder } from "../store/ledger-folder.ts";
import { LineCursor } from "../store/line-cursor.ts";
import { trueHashOf } from "../store/row-line.ts";
import { rowStartAt, rowStartsIn } from "../store/row-start.ts";
import { listSegments, withSegment } from "../store/segments.ts";

/** Two valid rows with one id. */
export interface Twins {
  readonly id: string;
  readonly first: RowPlace;
  readonly second: RowPlace;
}

/** Goes through a file once more for a few ids, as they are escaped in it, and tells which of them stand there more than once. */
export function findTwins(
  place: LedgerFolder,
  file: LedgerFile,
  ids: ReadonlySet<string>,
): readonly Twins[] {
  const firsts = new Map<string, RowPlace>();
  const twins: Twins[] = [];
  const { active } = listSegments(place, file);
  for (let segment = 1; segment <= active; segment += 1) {
    withSegment(place, { file, segment }, (fd) => {
      const to = place.fileSystem.stateOf(fd).size;
      const cursor = new LineCursor(place.fileSystem, { fd, from: 0, to });
      while (cursor.next()) {
        const row = rowAmong(ids, cursor);
        if (row === undefined) continue;
        const second = { segment, offset: row.offset };
        const first = firsts.get(row.id);
        if (first === undefined) firsts.set(row.id, second);
        else twins.push({ id: row.id, first, second });
      }
    });
  }
  return twins;
}

/** The valid row in the cursor's line, where it has one of the ids. */
function rowAmong(ids: ReadonlySet<string>, cursor: LineCursor) {
  for (const start of rowStartsIn(cursor)) {
    const row = rowStartAt(cursor.bytes, start, cursor.end);
    const id = row === undefined ? "" : cursor.bytes.toString("utf8", row.idFrom, row.idTo);
    if (!ids.has(id) || trueHashOf(cursor.bytes, start, cursor.end) === undefined) continue;
    return { id, offset: cursor.offset + start - cursor.start };
  }
  return undefined;
}
