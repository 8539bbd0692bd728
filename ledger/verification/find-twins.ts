import type { LedgerFile } from "../domain/ledger-file.ts";
import { findRow } from "../store/find-row.ts";
import type { LedgerFolder } from "../store/ledger-folder.ts";
import { LineCursor } from "../store/line-cursor.ts";
import type { RowPlace } from "../store/read-row-at.ts";
import { rowStartAt } from "../store/row-start.ts";
import { listSegments, withSegment } from "../store/segments.ts";

interface TwinPlace extends RowPlace {
  readonly file: LedgerFile;
}

/** Two valid rows with one id. */
interface Twins {
  readonly id: string;
  readonly first: TwinPlace;
  readonly second: TwinPlace;
}

/** Goes through files once more for a few ids, as they are escaped in them, and tells which of them stand there more than once. */
export function findTwins(
  place: LedgerFolder,
  files: readonly LedgerFile[],
  ids: ReadonlySet<string>,
): readonly Twins[] {
  const firsts = new Map<string, TwinPlace>();
  const twins: Twins[] = [];
  for (const file of files) {
    for (const { id, ...second } of rowsAmong(ids, place, file)) {
      const first = firsts.get(id);
      if (first === undefined) firsts.set(id, second);
      else twins.push({ id, first, second });
    }
  }
  return twins;
}

/** The places of a file's valid rows that have one of the ids. */
function rowsAmong(
  ids: ReadonlySet<string>,
  place: LedgerFolder,
  file: LedgerFile,
): readonly (TwinPlace & Pick<Twins, "id">)[] {
  const rows: (TwinPlace & Pick<Twins, "id">)[] = [];
  const { active } = listSegments(place, file);
  for (let segment = 1; segment <= active; segment += 1) {
    withSegment(place, { file, segment }, (fd) => {
      const to = place.fileSystem.stateOf(fd).size;
      const cursor = new LineCursor(place.fileSystem, { fd, from: 0, to });
      while (cursor.next()) {
        const row = rowAmong(ids, cursor);
        if (row !== undefined) rows.push({ ...row, file, segment });
      }
    });
  }
  return rows;
}

/** The row in the cursor's line, if it is valid and has one of the ids. */
function rowAmong(ids: ReadonlySet<string>, cursor: LineCursor) {
  const found = findRow(cursor);
  const row = found && rowStartAt(cursor.bytes, found.start, cursor.end);
  if (found === undefined || row === undefined) return undefined;
  const id = cursor.bytes.toString("utf8", row.idFrom, row.idTo);
  return ids.has(id) ? { id, offset: cursor.offset + found.start - cursor.start } : undefined;
}
