import { isDeepStrictEqual } from "node:util";

import type { LedgerFile } from "../domain/ledger-file.ts";
import { ENVELOPE_KEYS, type NewRow, type Row, type RowSource } from "../domain/row.ts";
import { sealLine } from "./row-line.ts";
import { RowKeyError, RowTooLargeError } from "./store-errors.ts";

/** Longest payload, as JSON in bytes; what is longer goes to a file of its own, named by its hash. */
export const ROW_BYTES_MAX = 1_048_576;
const ID_CHARS_MAX = 256;
const STORE_KEYS = ["_v", "seq", "prev", "tool_version", "recorded_at", "h"] as const;

/** A row as its caller handed it in, frozen as JSON, so that later changes to the object do not reach the ledger. */
export interface PreparedRow {
  readonly id: string;
  /** Whether the caller made the id, and may therefore have used it before. */
  readonly isIdGiven: boolean;
  readonly record: string;
  readonly schemaVersion: string;
  readonly source: RowSource;
  readonly agentId: string;
  /** The payload's fields without the surrounding braces; "" where there are none. */
  readonly payload: string;
}

export interface RowDefaults {
  readonly agentId: string;
  readonly makeId: () => string;
}

/** What the store adds at the moment of writing. */
export interface Stamp {
  readonly seq: number;
  readonly prev: string;
  readonly toolVersion: string;
  readonly recordedAt: string;
}

export function prepareRow(file: LedgerFile, row: NewRow, defaults: RowDefaults): PreparedRow {
  refuseStoreKeys(file, row);
  const { id, record, schema_version, source, agent_id, ...payload } = row;
  const json = JSON.stringify(payload).slice(1, -1);
  if (id !== undefined && (id.length === 0 || id.length > ID_CHARS_MAX)) {
    throw new RowKeyError(
      `${file}.jsonl: expected an id of 1 to ${ID_CHARS_MAX} characters, got ${id.length}.`,
    );
  }
  if (json.length > ROW_BYTES_MAX / 3 && Buffer.byteLength(json) > ROW_BYTES_MAX) {
    throw new RowTooLargeError(
      `${file}.jsonl: expected a row of at most ${ROW_BYTES_MAX} bytes, got a "${record}" of ` +
        `${Buffer.byteLength(json)}. Keep the large part in a file named by its SHA-256 and cite that.`,
    );
  }
  return {
    id: id ?? defaults.makeId(),
    isIdGiven: id !== undefined,
    record,
    schemaVersion: schema_version ?? "1.0",
    source: source ?? "automation",
    agentId: agent_id ?? defaults.agentId,
    payload: json,
  };
}

/** The whole line, without newline. */
export function lineOf(
  row: PreparedRow,
  stamp: Stamp,
): { readonly line: string; readonly h: string } {
  const envelope =
    `{"_v":1,"seq":${stamp.seq},"prev":"${stamp.prev}","id":${JSON.stringify(row.id)},` +
    `"record":${JSON.stringify(row.record)},"schema_version":${JSON.stringify(row.schemaVersion)},` +
    `"tool_version":${JSON.stringify(stamp.toolVersion)},"source":"${row.source}",` +
    `"agent_id":${JSON.stringify(row.agentId)},"recorded_at":"${stamp.recordedAt}"`;
  return sealLine(row.payload === "" ? envelope : `${envelope},${row.payload}`);
}

/** Whether a row that is there says what this one says; who says it, when and with which version aside. */
export function isSameContent(row: PreparedRow, existing: Row): boolean {
  const payload: Record<string, unknown> = { ...existing };
  for (const key of ENVELOPE_KEYS) Reflect.deleteProperty(payload, key);
  return (
    row.record === existing.record &&
    row.source === existing.source &&
    isDeepStrictEqual(JSON.parse(`{${row.payload}}`), payload)
  );
}

function refuseStoreKeys(file: LedgerFile, row: NewRow): void {
  const used = STORE_KEYS.find((key) => row[key] !== undefined);
  if (used === undefined) return;
  throw new RowKeyError(
    `${file}.jsonl: expected a payload without "${used}", which the store stamps itself, in a "${row.record}". Rename the field.`,
  );
}
