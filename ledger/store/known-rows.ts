import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { IdIndex, type RowPlace } from "./id-index.ts";
import type { LedgerFolder } from "./ledger-folder.ts";
import { LineCursor, type Span } from "./line-cursor.ts";
import { readRowAt } from "./read-row-at.ts";
import { idAt, rowStartsIn } from "./row-start.ts";
import { withSegment } from "./segments.ts";

export interface WrittenRow {
  readonly line: string;
  readonly row: Row;
}

/** The rows of a file by id. Its index is built when first asked, and follows what others append. */
export class KnownRows {
  readonly #folder: LedgerFolder;
  readonly #file: LedgerFile;
  #index: IdIndex | undefined;
  #upTo: RowPlace = { segment: 1, offset: 0 };

  constructor(folder: LedgerFolder, file: LedgerFile) {
    this.#folder = folder;
    this.#file = file;
  }

  /** The row with this id before a place; the caller holds the lock, so that nothing stands behind it. */
  find(id: string, before: RowPlace): Row | undefined {
    this.#index ??= new IdIndex();
    this.#catchUp(this.#index, before);
    for (const place of this.#index.candidates(id)) {
      const row = readRowAt(this.#folder, this.#file, place);
      if (row?.id === id) return row;
    }
    return undefined;
  }

  /** Takes in rows that this process has just written from `start` on, without reading them back. */
  remember(start: RowPlace, rows: readonly WrittenRow[]): void {
    const index = this.#index;
    if (index === undefined) return;
    const { segment, offset } = this.#upTo;
    if (segment !== start.segment || offset !== start.offset) return;
    let at = start.offset;
    for (const { line, row } of rows) {
      index.add(row.id, { segment, offset: at });
      at += Buffer.byteLength(line) + 1;
    }
    this.#upTo = { segment, offset: at };
  }

  /** After rows were taken back: what was remembered of them is wrong. */
  forget(): void {
    this.#index = undefined;
    this.#upTo = { segment: 1, offset: 0 };
  }

  #catchUp(index: IdIndex, before: RowPlace): void {
    while (this.#upTo.segment < before.segment) {
      const { segment, offset } = this.#upTo;
      this.#in(segment, (fd) => {
        const to = this.#folder.fileSystem.stateOf(fd).size;
        this.#indexRows(index, segment, { fd, from: offset, to });
      });
      this.#upTo = { segment: segment + 1, offset: 0 };
    }
    const { segment, offset } = this.#upTo;
    if (segment !== before.segment || offset >= before.offset) return;
    this.#in(segment, (fd) =>
      this.#indexRows(index, segment, { fd, from: offset, to: before.offset }),
    );
    this.#upTo = before;
  }

  /** Reads only where each row starts and its id; whether the row is whole shows when it is looked up. */
  #indexRows(index: IdIndex, segment: number, span: Span): void {
    const cursor = new LineCursor(this.#folder.fileSystem, span);
    while (cursor.next()) {
      for (const start of rowStartsIn(cursor)) {
        const id = idAt(cursor.bytes, start, cursor.end);
        const offset = cursor.offset + start - cursor.start;
        if (id !== undefined) index.add(id, { segment, offset });
      }
    }
  }

  #in(segment: number, use: (fd: number) => void): void {
    withSegment(this.#folder, { file: this.#file, segment }, use);
  }
}
