import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import type { LedgerFolder } from "./file-system.ts";
import { findRow, LineCursor } from "./line-cursor.ts";
import type { StampedRow } from "./prepared-row.ts";
import { readRowAt, type RowPlace } from "./read-row-at.ts";
import { idAt } from "./row-start.ts";
import { withSegment } from "./segments.ts";

/** The rows of a file by id. The index is built for the first caller-made id, and follows other writers. */
export class KnownRows {
  readonly #folder: LedgerFolder;
  readonly #file: LedgerFile;
  #index: Map<string, RowPlace> | undefined;
  #upTo: RowPlace = { segment: 1, offset: 0 };

  constructor(folder: LedgerFolder, file: LedgerFile) {
    this.#folder = folder;
    this.#file = file;
  }

  /** The row with this id before a place. The caller holds the lock, so no row follows the place. */
  find(id: string, before: RowPlace): Row | undefined {
    this.#index ??= new Map();
    this.#catchUp(this.#index, before);
    const place = this.#index.get(id);
    return place === undefined ? undefined : readRowAt(this.#folder, this.#file, place);
  }

  /** Adds the rows that this process has just written from `start` on, without reading them back. */
  remember(start: RowPlace, rows: readonly StampedRow[]): void {
    const index = this.#index;
    if (index === undefined) return;
    const { segment, offset } = this.#upTo;
    if (segment !== start.segment || offset !== start.offset) return;
    let at = start.offset;
    for (const { line, id } of rows) {
      index.set(id, { segment, offset: at });
      at += Buffer.byteLength(line) + 1;
    }
    this.#upTo = { segment, offset: at };
  }

  /** Drops the index after rows were taken back. */
  forget(): void {
    this.#index = undefined;
    this.#upTo = { segment: 1, offset: 0 };
  }

  #catchUp(index: Map<string, RowPlace>, before: RowPlace): void {
    for (let { segment, offset } = this.#upTo; segment <= before.segment; segment += 1) {
      const from = offset;
      withSegment(this.#folder, { file: this.#file, segment }, (fd) => {
        const { size } = this.#folder.fileSystem.stateOf(fd);
        const to = segment === before.segment ? before.offset : size;
        const cursor = new LineCursor(this.#folder.fileSystem, { fd, from, to });
        while (cursor.next()) indexRow(index, segment, cursor);
      });
      offset = 0;
    }
    this.#upTo = before;
  }
}

/** Later rows never replace earlier ones: the first row with an id is the one that counts. */
function indexRow(index: Map<string, RowPlace>, segment: number, cursor: LineCursor): void {
  const found = findRow(cursor);
  const id = found && idAt(cursor.bytes, found.start, cursor.end);
  if (found === undefined || id === undefined || index.has(id)) return;
  index.set(id, { segment, offset: cursor.offset + found.start - cursor.start });
}
