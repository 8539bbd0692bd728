import type { ClientBase } from "pg";

import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow, Row } from "../../domain/row.ts";
import { timestampOf } from "../../domain/timestamp.ts";
import { clockAnomaly } from "../clock-anomaly.ts";
import { parseRow, SEGMENT_END } from "../envelope.ts";
import {
  isSameContent,
  prepareRow,
  type PreparedRow,
  type RowDefaults,
  type StampedRow,
  stampRow,
} from "../prepared-row.ts";
import { IdConflictError } from "../store-errors.ts";
import { type FileHead, lockHeads, type LockedHeads } from "./ledger-heads.ts";
import { columnText, type NewLine, type StoredLine } from "./ledger-rows.ts";
import type { SeenHeads } from "./seen-heads.ts";

export interface LedgerParts extends RowDefaults {
  /** What this process knows to be durable: a database that lacks it is refused. */
  readonly seen: SeenHeads;
  /** A segment that has reached this many bytes is sealed. */
  readonly segmentBytesMax: number;
}

interface StampedLines {
  readonly files: readonly LedgerFile[];
  readonly lines: readonly string[];
}

/** Rows that are written, and the rows that the caller gets: those that were there before, too. */
interface Appended {
  readonly rows: readonly Row[];
}

/**
 * Appends rows to the ledger within a transaction that holds the ends of their files. Nothing of it is
 * written before `flush`. Rows have the bytes that a store of files would give them, and the time of the
 * database's clock, so that the clocks of many machines don't mix.
 */
export class LedgerTransaction {
  readonly #client: ClientBase;
  readonly #parts: LedgerParts;
  readonly #heads: Map<LedgerFile, FileHead>;
  readonly #recordedAt: string;
  readonly #unwritten = new Map<LedgerFile, NewLine[]>();

  /** @param locked - The ends of the files that will get rows. */
  constructor(client: ClientBase, parts: LedgerParts, { heads, nowMs }: LockedHeads) {
    this.#client = client;
    this.#parts = parts;
    this.#heads = heads;
    this.#recordedAt = timestampOf(nowMs);
  }

  /** Locks the ends of the files that will get rows. */
  static async open(
    client: ClientBase,
    parts: LedgerParts,
    files: readonly LedgerFile[],
  ): Promise<LedgerTransaction> {
    return new LedgerTransaction(client, parts, await lockHeads(client, files, parts.seen));
  }

  /** What to record if the database's clock is behind the last row of a file. */
  clockAnomaly(file: LedgerFile): NewRow | undefined {
    return clockAnomaly(file, this.headOf(file), this.#recordedAt);
  }

  headOf(file: LedgerFile): FileHead {
    const head = this.#heads.get(file);
    if (head === undefined) throw new Error(`${file} was not locked.`);
    return head;
  }

  /** Prepares and stamps rows. Their callers may have used their ids before. */
  async append(file: LedgerFile, rows: readonly NewRow[]): Promise<Appended> {
    const prepared = rows.map((row) => prepareRow(file, row, this.#parts));
    return await this.take(file, prepared);
  }

  /**
   * Stamps rows, all or none.
   * @param isRepeated - Whether an earlier try may have written rows with ids that the store made.
   * @throws IdConflictError
   */
  async take(
    file: LedgerFile,
    prepared: readonly PreparedRow[],
    isRepeated = false,
  ): Promise<Appended> {
    const given = prepared.filter(({ isIdGiven }) => isIdGiven || isRepeated).map(({ id }) => id);
    const known = await this.#find(file, given);
    const unwritten = this.#unwrittenOf(file);
    for (const { row } of unwritten) known.set(row.id, row);
    const [start, head] = [unwritten.length, this.headOf(file)];
    const rows: Row[] = [];
    for (const one of prepared) {
      const existing = known.get(one.id);
      if (existing !== undefined && !isSameContent(one, existing)) {
        unwritten.splice(start);
        this.#heads.set(file, head);
        throw new IdConflictError(`${file}.jsonl`, one.id);
      }
      const row = existing ?? this.#stamp(file, one).row;
      known.set(one.id, row);
      rows.push(row);
    }
    return { rows };
  }

  /** Whether all of these rows are there, by their ids. */
  async has(file: LedgerFile, prepared: readonly PreparedRow[]): Promise<boolean> {
    const ids = new Set(prepared.map(({ id }) => id));
    return (await this.#find(file, [...ids])).size === ids.size;
  }

  /** What was stamped, line by line with its file. */
  stamped(): StampedLines {
    for (const [file, lines] of this.#unwritten) if (lines.length > 0) this.#sealIfFull(file);
    const all = [...this.#unwritten].flatMap(([file, lines]) =>
      lines.map(({ line }) => ({ file, line })),
    );
    return { files: all.map(({ file }) => file), lines: all.map(({ line }) => line) };
  }

  /** Writes what was stamped; the database moves the ends of the files. Returns the new lines. */
  async flush(): Promise<ReadonlyMap<LedgerFile, readonly StoredLine[]>> {
    const { files, lines } = this.stamped();
    if (lines.length > 0) {
      await this.#client.query("select counterbalance.append($1, $2)", [files, lines]);
    }
    return this.#unwritten;
  }

  /** The transaction is durable, so that no database may lack its rows. */
  committed(): void {
    for (const [file, head] of this.#heads) this.#parts.seen.note(file, head);
  }

  async #find(file: LedgerFile, ids: readonly string[]): Promise<Map<string, Row>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.#client.query<{ line: string }>(
      "select line from counterbalance.ledger_rows where file = $1 and id = any($2) order by seq",
      [file, ids.map(columnText)],
    );
    const known = new Map<string, Row>();
    for (const { line } of rows) {
      const row = parseRow(line);
      // Later rows never replace earlier ones.
      if (row !== undefined && !known.has(row.id)) known.set(row.id, row);
    }
    return known;
  }

  #stamp(file: LedgerFile, prepared: PreparedRow): StampedRow {
    const head = this.headOf(file);
    const stamp = { seq: head.seq + 1, prev: head.h, recordedAt: this.#recordedAt };
    const stamped = stampRow(prepared, stamp);
    const { seq, h, line, row } = stamped;
    this.#unwrittenOf(file).push({ seq, segment: head.segment, line, row });
    const segmentBytes = head.segmentBytes + Buffer.byteLength(line) + 1;
    this.#heads.set(file, { ...head, seq, h, segmentBytes, recordedAt: this.#recordedAt });
    return stamped;
  }

  #unwrittenOf(file: LedgerFile): NewLine[] {
    const lines = this.#unwritten.get(file) ?? [];
    this.#unwritten.set(file, lines);
    return lines;
  }

  #sealIfFull(file: LedgerFile): void {
    const { seq, segment, segmentBytes, segmentFirstSeq } = this.headOf(file);
    if (segmentBytes < this.#parts.segmentBytesMax) return;
    const end = { record: SEGMENT_END, rows: seq - segmentFirstSeq + 1 };
    this.#stamp(file, prepareRow(file, end, this.#parts));
    const sealed = this.headOf(file);
    this.#heads.set(file, {
      ...sealed,
      segment: segment + 1,
      segmentBytes: 0,
      segmentFirstSeq: sealed.seq + 1,
    });
  }
}
