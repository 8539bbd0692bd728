import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { parseRow } from "./envelope.ts";
import { IdIndex, type RowPlace } from "./id-index.ts";
import type { Folder } from "./ledger-header.ts";
import { LineCursor, type Span } from "./line-cursor.ts";
import { readRowAt } from "./read-row-at.ts";
import { HASH_CHARS, LINE_PREFIX } from "./row-line.ts";
import { withSegment } from "./segments.ts";

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const QUOTE = 0x22;
const AFTER_SEQ = ',"prev":"'.length + HASH_CHARS + '","id":"'.length;
const BEFORE_SEQ = `${LINE_PREFIX}1,"seq":`.length;

export interface WrittenRow {
  readonly line: string;
  readonly row: Row;
}

/** The rows of a file by id. Its index is built when first asked, and follows what others append. */
export class KnownRows {
  readonly #folder: Folder;
  readonly #file: LedgerFile;
  #index: IdIndex | undefined;
  #upTo: RowPlace = { segment: 1, offset: 0 };

  constructor(folder: Folder, file: LedgerFile) {
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
      const start = cursor.bytes
        .subarray(cursor.start, cursor.end)
        .lastIndexOf(`${LINE_PREFIX}1,"seq":`);
      const id = start === -1 ? undefined : idAt(cursor.bytes, cursor.start + start, cursor.end);
      if (id !== undefined) index.add(id, { segment, offset: cursor.offset + start });
    }
  }

  #in(segment: number, use: (fd: number) => void): void {
    withSegment(this.#folder, { file: this.#file, segment }, use);
  }
}

/** The id of the row that starts at a place, by the envelope's fixed order. */
function idAt(bytes: Buffer, start: number, end: number): string | undefined {
  let at = start + BEFORE_SEQ;
  for (let byte = bytes[at]; byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_9;) {
    at += 1;
    byte = bytes[at];
  }
  const from = at + AFTER_SEQ;
  const to = bytes.indexOf(QUOTE, from);
  if (to === -1 || to > end) return undefined;
  const id = bytes.toString("utf8", from, to);
  return id.includes("\\") ? parseRow(bytes.toString("utf8", start, end))?.id : id;
}
