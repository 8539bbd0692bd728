import type { ClientBase } from "pg";

import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow, Row } from "../../domain/row.ts";
import { timestampOf } from "../../domain/timestamp.ts";
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
import { type FileHead, lockHeads } from "./ledger-heads.ts";

export interface LedgerParts extends RowDefaults {
  readonly ledgerId: string;
  /** A segment that has reached this many bytes is sealed. */
  readonly segmentBytesMax: number;
}

/** A row as `ledger_rows` has it. */
export interface StoredLine {
  readonly seq: number;
  readonly segment: number;
  /** Without newline. */
  readonly line: string;
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
  readonly #unwritten = new Map<LedgerFile, (StoredLine & { readonly row: Row })[]>();

  private constructor(
    client: ClientBase,
    parts: LedgerParts,
    locked: { readonly heads: Map<LedgerFile, FileHead>; readonly recordedAt: string },
  ) {
    this.#client = client;
    this.#parts = parts;
    this.#heads = locked.heads;
    this.#recordedAt = locked.recordedAt;
  }

  /** Locks the ends of the files that will get rows. */
  static async open(
    client: ClientBase,
    parts: LedgerParts,
    files: readonly LedgerFile[],
  ): Promise<LedgerTransaction> {
    const heads = await lockHeads(client, parts.ledgerId, files);
    const { rows } = await client.query<{ ms: number }>(
      "select extract(epoch from clock_timestamp()) * 1000 as ms",
    );
    const recordedAt = timestampOf(Math.floor(Number(rows[0]?.ms)));
    return new LedgerTransaction(client, parts, { heads, recordedAt });
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
    for (const { row } of this.#unwritten.get(file) ?? []) known.set(row.id, row);
    const fresh = new Map<string, PreparedRow>();
    for (const one of prepared) {
      const before = known.get(one.id);
      if (before !== undefined && !isSameContent(one, before)) {
        throw new IdConflictError(`${file}.jsonl`, one.id);
      }
      const twin = fresh.get(one.id);
      if (twin !== undefined && twin.payload !== one.payload) {
        throw new IdConflictError(`${file}.jsonl`, one.id);
      }
      if (before === undefined) fresh.set(one.id, twin ?? one);
    }
    for (const one of fresh.values()) known.set(one.id, this.#stamp(file, one).row);
    return {
      rows: prepared.map(({ id }) => {
        const row = known.get(id);
        if (row === undefined) throw new Error(`The row ${id} was not stamped.`);
        return row;
      }),
    };
  }

  /** Writes what was stamped, and the new ends of the files. Returns the new lines. */
  async flush(): Promise<ReadonlyMap<LedgerFile, readonly StoredLine[]>> {
    for (const [file, lines] of this.#unwritten) {
      this.#sealIfFull(file);
      await this.#insert(file, lines);
      const head = this.headOf(file);
      await this.#client.query(
        `update counterbalance.ledger_heads set seq = $2, h = $3, recorded_at = $4, segment = $5,
           segment_first_seq = $6, segment_bytes = $7 where file = $1`,
        [
          file,
          head.seq,
          head.h,
          this.#recordedAt,
          head.segment,
          head.segmentFirstSeq,
          head.segmentBytes,
        ],
      );
    }
    return this.#unwritten;
  }

  async #insert(
    file: LedgerFile,
    lines: readonly (StoredLine & { readonly row: Row })[],
  ): Promise<void> {
    await this.#client.query(
      `insert into counterbalance.ledger_rows (file, seq, segment, id, record, experiment_id, window_name, line)
       select $1, * from unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])`,
      [
        file,
        lines.map(({ seq }) => seq),
        lines.map(({ segment }) => segment),
        lines.map(({ row }) => row.id),
        lines.map(({ row }) => row.record),
        lines.map(({ row }) => textOf(row["experiment_id"])),
        lines.map(({ row }) => textOf(row["window"])),
        lines.map(({ line }) => line),
      ],
    );
  }

  async #find(file: LedgerFile, ids: readonly string[]): Promise<Map<string, Row>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.#client.query<{ line: string }>(
      "select line from counterbalance.ledger_rows where file = $1 and id = any($2) order by seq",
      [file, ids],
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
    const lines = this.#unwritten.get(file) ?? [];
    this.#unwritten.set(file, lines);
    lines.push({ seq, segment: head.segment, line, row });
    const segmentBytes = head.segmentBytes + Buffer.byteLength(line) + 1;
    this.#heads.set(file, { ...head, seq, h, segmentBytes });
    return stamped;
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

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
