import type { Row } from "../domain/row.ts";
import { parseRow } from "./envelope.ts";
import { lineOf, type PreparedRow, type Stamp } from "./prepared-row.ts";

/**
 * A row in a file, or one that is about to be written. The row object is made on first use, outside
 * the lock.
 */
export class StampedRow {
  readonly seq: number;
  readonly h: string;
  readonly recordedAt: string;
  /** Without newline. */
  readonly line: string;
  readonly #prepared: PreparedRow;
  readonly #prev: string;
  #row: Row | undefined;

  constructor(prepared: PreparedRow, stamp: Stamp) {
    const { line, h } = lineOf(prepared, stamp);
    this.seq = stamp.seq;
    this.h = h;
    this.recordedAt = stamp.recordedAt;
    this.line = line;
    this.#prepared = prepared;
    this.#prev = stamp.prev;
  }

  get record(): string {
    return this.#prepared.record;
  }

  /** What a reader of the line gets. */
  get row(): Row {
    const row = (this.#row ??= this.#flatRow() ?? parseRow(this.line));
    if (row === undefined) throw new Error(`A row was made that can't be read: ${this.line}`);
    return row;
  }

  /** If JSON returns all fields unchanged, the row needs no parsing. */
  #flatRow(): Row | undefined {
    const { flat, id, record, schemaVersion, toolVersion, source, agentId } = this.#prepared;
    if (flat === undefined) return undefined;
    return {
      _v: 1,
      seq: this.seq,
      prev: this.#prev,
      id,
      record,
      schema_version: schemaVersion,
      tool_version: toolVersion,
      source,
      agent_id: agentId,
      recorded_at: this.recordedAt,
      ...flat,
      h: this.h,
    };
  }
}
