import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { timestampOf } from "../domain/timestamp.ts";
import type { ActiveSegment, Tail } from "./active-segment.ts";
import { clockAnomaly } from "./clock-anomaly.ts";
import { SEGMENT_END } from "./envelope.ts";
import type { KnownRows } from "./known-rows.ts";
import type { LedgerContext } from "./ledger-context.ts";
import {
  isSameContent,
  prepareRow,
  type PreparedRow,
  type StampedRow,
  stampRow,
} from "./prepared-row.ts";
import { IdConflictError } from "./store-errors.ts";
import type { AppendRule, LedgerReader } from "./store.ts";

/** Rows that one caller appends together. */
export interface AppendRequest {
  readonly rows: readonly PreparedRow[];
  /** Total size of the payloads. */
  readonly bytes: number;
  readonly unless: AppendRule | undefined;
  readonly sync: "now" | "later";
  /** Whether the answer may have the envelopes of the rows only. */
  readonly isBrief?: boolean;
}

export interface BatchParts {
  readonly context: LedgerContext;
  readonly file: LedgerFile;
  readonly segment: ActiveSegment;
  readonly known: KnownRows;
  readonly reader: LedgerReader;
}

/** What became of a request: its rows as they are in the file, or why there are none. */
export type BatchResult = { readonly rows: readonly TakenRow[] } | { readonly refusal: unknown };

/** A row of a request: stamped by this batch, or found in the file. */
export type TakenRow = StampedRow | { readonly row: Row; readonly envelope: Row };

/** One batch under the lock: stamps rows one after the other and writes them together. */
export class Batch {
  readonly #parts: BatchParts;
  readonly #recordedAt: string;
  readonly #rowsById = new Map<string, StampedRow>();
  #tail: Tail;
  #unwritten: StampedRow[] = [];

  constructor(parts: BatchParts, start: Tail) {
    this.#parts = parts;
    this.#tail = start;
    this.#recordedAt = timestampOf(parts.context.clock.nowMs());
    this.#noticeClock();
  }

  /** Adds the rows of a request to the batch, all or none. */
  take(request: AppendRequest): BatchResult {
    if (request.unless !== undefined) {
      // The rule reads the file, so the rows before it in this batch have to be there.
      this.write();
      const refusal = judge(request.unless, this.#parts.reader);
      if (refusal !== undefined) return { refusal };
    }
    const start = this.#unwritten.length;
    const rows: TakenRow[] = [];
    for (const prepared of request.rows) {
      const existing = this.#existing(prepared);
      if (existing !== undefined && !isSameContent(prepared, existing)) {
        for (const { id } of this.#unwritten.splice(start)) this.#rowsById.delete(id);
        return { refusal: new IdConflictError(`${this.#parts.file}.jsonl`, prepared.id) };
      }
      rows.push(
        existing === undefined ? this.#stamp(prepared) : { row: existing, envelope: existing },
      );
    }
    return { rows };
  }

  /**
   * Writes the rows that are not written yet in one system call, and returns the file's new end.
   */
  write(): Tail {
    const rows = this.#unwritten;
    const last = rows.at(-1);
    if (last === undefined) return this.#tail;
    this.#unwritten = [];
    const separator = this.#tail.needsNewline ? "\n" : "";
    let text = separator;
    for (const { line } of rows) text += `${line}\n`;
    const start = this.#tail.size + separator.length;
    this.#tail = this.#parts.segment.write(text, last);
    this.#parts.known.remember({ segment: this.#tail.segment, offset: start }, rows);
    return this.#tail;
  }

  /** Closes a segment that has grown to its size: its last row, then its name. */
  sealIfFull(): void {
    const { context, segment } = this.#parts;
    if (this.write().size < context.limits.segmentBytesMax) return;
    const end = { record: SEGMENT_END, rows: segment.rowsUpTo(this.#tail) };
    this.#stamp(prepareRow(this.#parts.file, end, context));
    this.write();
    segment.seal();
  }

  #existing(prepared: PreparedRow): Row | undefined {
    if (!prepared.isIdGiven) return undefined;
    const before = { segment: this.#tail.segment, offset: this.#tail.size };
    return this.#rowsById.get(prepared.id)?.row ?? this.#parts.known.find(prepared.id, before);
  }

  /** Chains a row to the one before it. */
  #stamp(prepared: PreparedRow): StampedRow {
    const last = this.#unwritten.at(-1) ?? this.#tail;
    const seq = last.seq + 1;
    const recordedAt = this.#recordedAt;
    const stamped = stampRow(prepared, { seq, prev: last.h, recordedAt });
    // No caller can repeat an id that the store has just made.
    if (prepared.isIdGiven) this.#rowsById.set(prepared.id, stamped);
    this.#unwritten.push(stamped);
    return stamped;
  }

  #noticeClock(): void {
    const { context, file } = this.#parts;
    const anomaly = clockAnomaly(file, this.#tail, this.#recordedAt);
    if (anomaly !== undefined) context.onAnomaly(anomaly);
  }
}

/** Asks a rule. If the rule throws, its own append fails and no other. */
export function judge(unless: AppendRule, reader: LedgerReader): unknown {
  try {
    return unless(reader);
  } catch (error) {
    return error ?? new Error("A rule threw nothing.");
  }
}
