import type { LedgerFile } from "../domain/ledger-file.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { findRow, LineCursor, wholeOf } from "../store/line-cursor.ts";
import type { RowPlace } from "../store/read-row-at.ts";
import { rowStartAt } from "../store/row-start.ts";
import { bytesOf, listSegments, withSegment } from "../store/segments.ts";
import type { Finding } from "./finding.ts";

const FINDINGS_MAX = 1_000;
const SUSPECTS_MAX = 10_000;
/** Only a guess, to make room for that many ids at once. */
const ROW_BYTES_USUAL = 450;

/** Finds rows that share an id, in any files of a ledger. */
export class RepeatedIds {
  readonly #place: LedgerFolder;
  readonly #files: readonly LedgerFile[];
  readonly #seen: SeenIds;
  /** Ids that may be there twice. */
  readonly #suspects = new Set<string>();

  constructor(place: LedgerFolder, files: readonly LedgerFile[]) {
    this.#place = place;
    this.#files = files;
    const bytes = files.reduce((sum, file) => sum + bytesOf(place, file), 0);
    this.#seen = new SeenIds(bytes / ROW_BYTES_USUAL);
  }

  /** Takes in the id in `bytes[from…to)`, of each row once. */
  add(bytes: Buffer, from: number, to: number): void {
    if (!this.#seen.add(bytes, from, to) || this.#suspects.size >= SUSPECTS_MAX) return;
    this.#suspects.add(bytes.toString("utf8", from, to));
  }

  /** Reads the files again if there are suspects. */
  find(): readonly Finding[] {
    if (this.#suspects.size === 0) return [];
    const twins = findTwins(this.#place, this.#files, this.#suspects);
    return twins.slice(0, FINDINGS_MAX).map(({ id, first, second }) => {
      const where = `${first.file}, segment ${first.segment}, byte ${first.offset}`;
      const message = `the row has the id ${id} of the row at ${where}`;
      return { kind: "duplicate-id", severity: "damage", ...second, message };
    });
  }
}

interface TwinPlace extends RowPlace {
  readonly file: LedgerFile;
}

/** Two valid rows with one id. */
interface Twins {
  readonly id: string;
  readonly first: TwinPlace;
  readonly second: TwinPlace;
}

/** Searches the files for a few ids, as JSON escapes them, and returns those that they have more than once. */
function findTwins(
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
      const cursor = new LineCursor(place.fileSystem, wholeOf(place.fileSystem, fd));
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

const LOAD_MAX = 0.8;
const SLOTS_MIN = 1_024;
const HIGH_BITS = 65_536;

/**
 * The ids of a walk, in six bytes each: 48 bits of a hash of the id, so that ten million rows take
 * 80 MB. About once in ten such walks it mistakes a new id for a known one, so the caller checks.
 */
export class SeenIds {
  #low: Uint32Array;
  #high: Uint16Array;
  #size = 0;

  /** @param expected - The expected number of ids. A good guess saves time and memory. */
  constructor(expected: number) {
    const slots = Math.max(SLOTS_MIN, Math.ceil(expected / LOAD_MAX));
    this.#low = new Uint32Array(slots);
    this.#high = new Uint16Array(slots);
  }

  /** Adds the id in `bytes[from…to)`. Returns true if it may have been there. */
  add(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#size >= this.#low.length * LOAD_MAX) this.#grow();
    let low = 0x811c9dc5;
    let high = 0x9e3779b9;
    for (let index = from; index < to; index += 1) {
      const code = bytes[index] ?? 0;
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x85ebca6b);
    }
    const isNew = this.#insert(low >>> 0, (high >>> 8) % HIGH_BITS || 1);
    if (isNew) this.#size += 1;
    return !isNew;
  }

  /** A high part of 0 marks an empty slot. */
  #insert(low: number, high: number): boolean {
    const slots = this.#low.length;
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) >>> 0;
    for (slot %= slots; this.#high[slot] !== 0; slot = slot + 1 === slots ? 0 : slot + 1) {
      if (this.#low[slot] === low && this.#high[slot] === high) return false;
    }
    this.#low[slot] = low;
    this.#high[slot] = high;
    return true;
  }

  #grow(): void {
    const [low, high] = [this.#low, this.#high];
    this.#low = new Uint32Array(low.length * 2);
    this.#high = new Uint16Array(low.length * 2);
    for (let slot = 0; slot < low.length; slot += 1) {
      const part = high[slot] ?? 0;
      if (part !== 0) this.#insert(low[slot] ?? 0, part);
    }
  }
}
