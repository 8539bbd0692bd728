import { basename, join } from "node:path";

import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import type { Damage } from "./damage.ts";
import { parseRow, SEGMENT_END } from "./envelope.ts";
import { findRow } from "./find-row.ts";
import { lastRowIn } from "./last-row.ts";
import { type Folder, genesisOf } from "./ledger-header.ts";
import { LineCursor, type Span } from "./line-cursor.ts";
import { TRAILER_BYTES } from "./row-line.ts";
import { activePath, listSegments, openSegment, sealedPath, withSegment } from "./segments.ts";
import { LedgerDamagedError, PositionLostError } from "./store-errors.ts";
import type { LedgerReader, Position, RowsSince } from "./store.ts";

export interface JsonlReaderOptions extends Folder {
  readonly ledgerId: string;
  /** Called for damage that a reading meets, which then goes on behind it; absent: the reading ends with a LedgerDamagedError. */
  readonly onDamage?: ((damage: Damage) => void) | undefined;
  /** Damage that shows only against a checkpoint, found when the ledger was opened. */
  readonly knownDamage?: (file: LedgerFile) => Damage | undefined;
}

/** A segment, and the hash of the row before what is read of it. */
interface SegmentPlace {
  readonly file: LedgerFile;
  readonly segment: number;
  readonly prev: string;
}

/** Reads the files of a ledger in bounded memory, across segments, while others write. */
export class JsonlReader implements LedgerReader {
  readonly #options: JsonlReaderOptions;
  /** The last end that was told while it was in the file that is written to, and that file. */
  readonly #ends = new Map<LedgerFile, { readonly inode: number; readonly end: Position }>();

  constructor(options: JsonlReaderOptions) {
    this.#options = options;
  }

  read(file: LedgerFile): Iterable<Row> {
    return this.readFrom(file).rows;
  }

  readFrom(file: LedgerFile, position?: Position): RowsSince {
    const start = position ?? this.#startOf(file);
    if (position !== undefined && this.#isAtEnd(file, position)) return { rows: [], end: position };
    if (position !== undefined) this.#refuseLost(file, position);
    const end = this.#endOf(file, start);
    return { rows: this.#rowsBetween(file, start, end), end };
  }

  #startOf(file: LedgerFile): Position {
    return { segment: 1, offset: 0, h: genesisOf(this.#options.ledgerId, file) };
  }

  /** Most readings of a view find nothing new: that costs one look at the file's name. */
  #isAtEnd(file: LedgerFile, position: Position): boolean {
    const { fileSystem, folder } = this.#options;
    const known = this.#ends.get(file);
    if (known?.end.h !== position.h || known.end.offset !== position.offset) return false;
    const state = fileSystem.stateAt(activePath(folder, file));
    return state?.inode === known.inode && state.size === position.offset;
  }

  #refuseLost(file: LedgerFile, { segment, offset, h }: Position): void {
    if (offset === 0) return;
    const from = Math.max(0, offset - TRAILER_BYTES - 1);
    const bytes = Buffer.alloc(offset - from);
    const isThere = withSegment(this.#options, { file, segment }, (fd) => {
      const bytesRead = this.#options.fileSystem.read(fd, bytes, from);
      return bytesRead === bytes.length && bytes.includes(`,"h":"${h}"}`);
    });
    if (isThere === true) return;
    throw new PositionLostError(
      `${file}.jsonl: expected the row with hash ${h} before byte ${offset} of segment ${segment}, got something else. ` +
        `Fold the view from the start; "experiment ledger verify --full" tells whether rows are missing.`,
    );
  }

  #endOf(file: LedgerFile, start: Position): Position {
    const { fileSystem } = this.#options;
    const { active, activeInode } = listSegments(this.#options, file);
    for (let segment = active; segment >= start.segment; segment -= 1) {
      const from = segment === start.segment ? start.offset : 0;
      const last = withSegment(this.#options, { file, segment }, (fd) =>
        lastRowIn(fileSystem, { fd, from, to: fileSystem.stateOf(fd).size }),
      );
      if (last === undefined) continue;
      const end = { segment, offset: last.end, h: last.row.h };
      if (activeInode !== undefined && segment === active)
        this.#ends.set(file, { inode: activeInode, end });
      return end;
    }
    return start;
  }

  *#rowsBetween(file: LedgerFile, start: Position, end: Position): Generator<Row> {
    const known = this.#options.knownDamage?.(file);
    if (known !== undefined && this.#options.onDamage === undefined) this.#report(known);
    if (end.segment === start.segment && end.offset === start.offset) return;
    let prev = start.h;
    for (let segment = start.segment; segment <= end.segment; segment += 1) {
      const from = segment === start.segment ? start.offset : 0;
      const to = segment === end.segment ? end.offset : undefined;
      for (const row of this.#rowsOfSegment({ file, segment, prev }, from, to)) {
        prev = row.h;
        if (row.record !== SEGMENT_END) yield row;
      }
    }
  }

  *#rowsOfSegment(place: SegmentPlace, from: number, to?: number): Generator<Row> {
    const { file, segment } = place;
    const { fileSystem } = this.#options;
    const fd = openSegment(this.#options, file, segment);
    if (fd === undefined) {
      this.#report({ file, segment, offset: 0, bytes: 0, what: "the segment is missing" });
      return;
    }
    try {
      yield* this.#rowsOf(place, { fd, from, to: to ?? fileSystem.stateOf(fd).size });
    } finally {
      fileSystem.close(fd);
    }
  }

  *#rowsOf({ file, segment, prev }: SegmentPlace, span: Span): Generator<Row> {
    const cursor = new LineCursor(this.#options.fileSystem, span);
    let last = prev;
    while (cursor.next()) {
      if (cursor.start === cursor.end) continue;
      const found = findRow(cursor);
      const at = { file, segment, offset: cursor.offset };
      const bytes = (found?.start ?? cursor.end) - cursor.start;
      if (bytes > 0) this.#report({ ...at, bytes, what: "these bytes are no row" });
      if (found === undefined) continue;
      const row = this.#parse(at, cursor.bytes.toString("utf8", found.start, cursor.end));
      if (row !== undefined && row.prev !== last) {
        this.#report({ ...at, bytes: 0, what: brokenChain(last, row) });
      }
      last = found.h;
      if (row !== undefined) yield row;
    }
  }

  #parse(at: Pick<Damage, "file" | "segment" | "offset">, line: string): Row | undefined {
    const row = parseRow(line);
    if (row === undefined) {
      const what = `expected a row of envelope version 1, got ${line.slice(0, 80)}…`;
      this.#report({ ...at, bytes: Buffer.byteLength(line), what });
    }
    return row;
  }

  #report(damage: Damage): void {
    if (this.#options.onDamage === undefined) {
      throw new LedgerDamagedError(describeDamage(this.#options.folder, damage));
    }
    this.#options.onDamage(damage);
  }
}

/** Where a damage is and what it is, with the way on. */
function describeDamage(folder: string, { file, segment, offset, bytes, what }: Damage): string {
  const places = `${join(folder, file)}.jsonl (${basename(sealedPath(folder, file, segment))} once sealed)`;
  const range = bytes > 0 ? `bytes ${offset} to ${offset + bytes}` : `byte ${offset}`;
  return (
    `${places}, ${range}: ${what}. Nothing was changed. ` +
    `"experiment ledger verify --full" lists all damage; restore the file from a copy.`
  );
}

function brokenChain(prev: string, row: Row): string {
  return (
    `row ${row.seq} says that it follows the row with hash ${row.prev}, but the row before it has ${prev}: ` +
    `rows are missing, moved or of another ledger`
  );
}
