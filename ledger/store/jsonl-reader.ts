import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { isOfOtherVersion, parseRow, SEGMENT_END } from "./envelope.ts";
import type { LedgerFolder } from "./file-system.ts";
import { lastRowIn } from "./last-row.ts";
import { genesisOf } from "./ledger-header.ts";
import { findRow, LineCursor, sayChange, type Span, wholeRow } from "./line-cursor.ts";
import { readHead } from "./read-head.ts";
import { followsAt, TRAILER_BYTES } from "./row-line.ts";
import {
  activePath,
  damagedAt,
  describePlace,
  listSegments,
  openSegment,
  startedFiles,
  withSegment,
} from "./segments.ts";
import { type Damage, LedgerVersionError, PositionLostError } from "./store-errors.ts";
import type {
  FileEnd,
  Head,
  LedgerReader,
  LedgerSnapshot,
  Position,
  RowsSince,
  TakeLine,
} from "./store.ts";

export interface JsonlReaderOptions extends LedgerFolder {
  readonly ledgerId: string;
  /**
   * Called for damage that a reading finds. The reading then continues after it. If absent, the
   * reading throws a LedgerDamagedError.
   */
  readonly onDamage?: ((damage: Damage) => void) | undefined;
}

/** A segment, and how far its file's chain is read. */
interface SegmentPlace {
  readonly file: LedgerFile;
  readonly take: TakeLine | undefined;
  readonly segment: number;
  /** The hash of the row before the next one. */
  readonly chain: { last: string };
}

/** The segment being written, as last seen. */
interface ActiveFile {
  readonly segment: number;
  readonly inode: number | undefined;
  /** Its size a moment ago; undefined if the file was not looked at. */
  readonly size: number | undefined;
  /** The last end that a reader received. */
  readonly end: Position | undefined;
}

/** Reads the files of a ledger in bounded memory, across segments, while others write. */
export class JsonlReader implements LedgerReader {
  readonly #options: JsonlReaderOptions;
  readonly #active = new Map<LedgerFile, ActiveFile>();
  /** Up to where this reader has met nothing but whole rows, from the start of the file. */
  readonly #trusted = new Map<LedgerFile, Position>();

  constructor(options: JsonlReaderOptions) {
    this.#options = options;
  }

  /** Reads the rows around damage, which others report. */
  static pastDamage({ fileSystem, folder }: LedgerFolder, ledgerId: string): JsonlReader {
    return new JsonlReader({ fileSystem, folder, ledgerId, onDamage: () => undefined });
  }

  /** Says that every row up to a position was read without damage: its hash is not computed again. */
  trust(file: LedgerFile, end: Position): void {
    this.#trusted.set(file, end);
  }

  read(file: LedgerFile, take?: TakeLine): Iterable<Row> {
    return this.readFrom(file, undefined, take).rows;
  }

  readFrom(file: LedgerFile, position?: Position, take?: TakeLine): RowsSince {
    const start = position ?? this.#startOf(file);
    const active = this.#activeOf(file);
    if (position !== undefined && isEndOf(active, position)) return { rows: [], end: position };
    const end = this.#endOf(file, start, active);
    return { rows: this.#rowsBetween({ file, take }, start, end), end };
  }

  /** The rows of each file up to its present end, even while others write. */
  snapshot(): LedgerSnapshot {
    const heads = startedFiles(this.#options).flatMap(
      (file) => readHead(this.#options, file) ?? [],
    );
    const ends = new Map(heads.map((head) => [head.file, positionOf(head)]));
    const readFrom: LedgerReader["readFrom"] = (file, position, take) => {
      const start = position ?? this.#startOf(file);
      const end = ends.get(file) ?? this.#startOf(file);
      // Asks whether the position is still there.
      if (position !== undefined) this.readFrom(file, position);
      if (isBehind(start, end)) throw positionLost(file, start);
      return { rows: this.#rowsBetween({ file, take }, start, end), end };
    };
    const read: LedgerReader["read"] = (file, take) => readFrom(file, undefined, take).rows;
    return { ledgerId: this.#options.ledgerId, ends: heads.map(endOf), read, readFrom };
  }

  #startOf(file: LedgerFile): Position {
    return { segment: 1, offset: 0, h: genesisOf(this.#options.ledgerId, file) };
  }

  /**
   * Most readings of a view find little that is new. If the inode is unchanged, the segment number
   * is too.
   */
  #activeOf(file: LedgerFile): ActiveFile {
    const { fileSystem, folder } = this.#options;
    const state = fileSystem.stateAt(activePath(folder, file));
    const known = this.#active.get(file);
    if (state !== undefined && state.inode === known?.inode) return { ...known, size: state.size };
    const { active: segment, activeInode: inode } = listSegments(this.#options, file);
    const active = { segment, inode, size: undefined, end: undefined };
    this.#active.set(file, active);
    return active;
  }

  #endOf(file: LedgerFile, start: Position, active: ActiveFile): Position {
    const { fileSystem } = this.#options;
    for (let segment = active.segment; segment >= start.segment; segment -= 1) {
      const isStart = segment === start.segment;
      const activeInode = segment === active.segment ? active.inode : undefined;
      const last = withSegment(this.#options, { file, segment, activeInode }, (fd) => {
        if (isStart && !this.#isThere(start, fd)) return undefined;
        const from = isStart ? start.offset : 0;
        return lastRowIn(fileSystem, { fd, from, to: fileSystem.stateOf(fd).size }) ?? "none";
      });
      if (last === undefined && isStart && start.offset > 0) throw positionLost(file, start);
      if (last === undefined || last === "none") continue;
      const end = { segment, offset: last.end, h: last.h };
      if (segment === active.segment) this.#active.set(file, { ...active, end });
      return end;
    }
    return start;
  }

  /** Whether the row that a position follows still ends there. */
  #isThere({ offset, h }: Position, fd: number): boolean {
    if (offset === 0) return true;
    const from = Math.max(0, offset - TRAILER_BYTES - 1);
    const bytes = Buffer.alloc(offset - from);
    const bytesRead = this.#options.fileSystem.read(fd, bytes, from);
    return bytesRead === bytes.length && bytes.includes(`,"h":"${h}"}`);
  }

  *#rowsBetween(
    { file, take }: Pick<SegmentPlace, "file" | "take">,
    start: Position,
    end: Position,
  ): Generator<Row> {
    if (end.segment === start.segment && end.offset === start.offset) return;
    const chain = { last: start.h };
    for (let segment = start.segment; segment <= end.segment; segment += 1) {
      const from = segment === start.segment ? start.offset : 0;
      const to = segment === end.segment ? end.offset : undefined;
      for (const row of this.#rowsOfSegment({ file, take, segment, chain }, from, to)) {
        if (row.record !== SEGMENT_END) yield row;
      }
    }
  }

  *#rowsOfSegment(place: SegmentPlace, from: number, to?: number): Generator<Row> {
    const { file, segment } = place;
    const { fileSystem } = this.#options;
    const active = this.#active.get(file);
    const activeInode = active?.segment === segment ? active.inode : undefined;
    const fd = openSegment(this.#options, { file, segment, activeInode });
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

  *#rowsOf(place: SegmentPlace, span: Span): Generator<Row> {
    const cursor = new LineCursor(this.#options.fileSystem, span);
    while (cursor.next()) {
      if (cursor.start === cursor.end) continue;
      const found = this.#isTrusted(place, cursor) ? wholeRow(cursor) : findRow(cursor);
      const at = { file: place.file, segment: place.segment, offset: cursor.offset };
      const bytes = (found?.start ?? cursor.end) - cursor.start;
      if (bytes > 0) {
        this.#report({ ...at, bytes, what: sayChange(cursor, "these bytes are not a row") });
      }
      if (found === undefined) continue;
      const last = place.chain.last;
      place.chain.last = found.h;
      if (isTaken(place.take, { cursor, start: found.start, last })) continue;
      const row = this.#parse(at, cursor.bytes.toString("utf8", found.start, cursor.end));
      if (row === undefined) continue;
      if (row.prev !== last) this.#report({ ...at, bytes: 0, what: brokenChain(last, row) });
      yield row;
    }
  }

  #isTrusted({ file, segment }: SegmentPlace, { offsetAfter }: LineCursor): boolean {
    const end = this.#trusted.get(file);
    if (end === undefined || segment > end.segment) return false;
    return segment < end.segment || offsetAfter <= end.offset;
  }

  #parse(at: Pick<Damage, "file" | "segment" | "offset">, line: string): Row | undefined {
    const row = parseRow(line);
    if (row === undefined) {
      if (isOfOtherVersion(line) && this.#options.onDamage === undefined) {
        throw LedgerVersionError.ofRow(describePlace(this.#options.folder, at), line);
      }
      const what = `expected a row of envelope version 1, got ${line.slice(0, 80)}…`;
      this.#report({ ...at, bytes: Buffer.byteLength(line), what });
    }
    return row;
  }

  #report(damage: Damage): void {
    if (this.#options.onDamage === undefined) {
      throw damagedAt(this.#options.folder, damage);
    }
    this.#options.onDamage(damage);
  }
}

interface FoundLine {
  readonly cursor: LineCursor;
  readonly start: number;
  /** The hash of the row before it. */
  readonly last: string;
}

/** Never takes a row that does not follow the one before it, so that the damage is reported. */
function isTaken(take: TakeLine | undefined, { cursor, start, last }: FoundLine): boolean {
  if (take === undefined || !followsAt(cursor.bytes, start, last)) return false;
  return take(cursor.bytes.toString("latin1", start, cursor.end));
}

function positionOf({ segment, bytes, h }: Head): Position {
  return { segment, offset: bytes, h };
}

function endOf({ file, seq, h }: Head): FileEnd {
  return { file, seq, h };
}

function isBehind(one: Position, other: Position): boolean {
  if (one.segment !== other.segment) return one.segment > other.segment;
  return one.offset > other.offset;
}

function positionLost(file: LedgerFile, { segment, offset, h }: Position): PositionLostError {
  return new PositionLostError(
    `${file}.jsonl: expected the row with hash ${h} before byte ${offset} of segment ${segment}, got something else. ` +
      `Fold the view from the start; "experiment ledger verify --full" says whether rows are missing.`,
  );
}

function isEndOf({ size, end }: ActiveFile, position: Position): boolean {
  return (
    end !== undefined &&
    end.h === position.h &&
    end.offset === position.offset &&
    size === end.offset
  );
}

function brokenChain(prev: string, row: Row): string {
  return (
    `row ${row.seq} says that it follows the row with hash ${row.prev}, but the row before it has ${prev}: ` +
    `rows are missing, moved or of another ledger`
  );
}
