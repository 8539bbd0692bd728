import { isDeepStrictEqual } from "node:util";

import type { LedgerFile } from "../domain/ledger-file.ts";
import { ENVELOPE_KEYS, type NewRow, type Row, type RowSource } from "../domain/row.ts";
import { schemaVersionOf } from "../domain/schema-version.ts";
import { parseRow } from "./envelope.ts";
import { sealLine } from "./row-line.ts";
import { RowKeyError, RowTooLargeError } from "./store-errors.ts";

/**
 * Longest payload, as JSON in bytes. A longer one belongs in a file of its own, named by its hash.
 */
export const ROW_BYTES_MAX = 1_048_576;
const ID_CHARS_MAX = 256;
const STORE_KEYS = ["_v", "seq", "prev", "tool_version", "recorded_at", "h"] as const;

/**
 * A row of a caller, frozen as JSON, so that later changes to the object do not reach the ledger.
 */
export interface PreparedRow {
  readonly id: string;
  /** Whether the caller made the id, and may therefore have used it before. */
  readonly isIdGiven: boolean;
  readonly record: string;
  readonly source: RowSource;
  /** The payload's fields without the surrounding braces; "" if there are none. */
  readonly payload: string;
  /** The line from its id to its agent, made here to keep the time under the lock short. */
  readonly middle: string;
}

export interface RowDefaults {
  readonly agentId: string;
  readonly toolVersion: string;
  readonly makeId: () => string;
}

/** What the store adds at the moment of writing. */
export interface Stamp {
  readonly seq: number;
  readonly prev: string;
  readonly recordedAt: string;
}

export function prepareRow(file: LedgerFile, row: NewRow, defaults: RowDefaults): PreparedRow {
  refuseStoreKeys(file, row);
  const { id: givenId, record, schema_version, source = "automation", agent_id, ...fields } = row;
  const payload = payloadOf(file, record, fields);
  const id = givenId ?? defaults.makeId();
  const agentId = agent_id ?? defaults.agentId;
  const schemaVersion = schema_version ?? schemaVersionOf(record);
  const { toolVersion } = defaults;
  refuseOtherTypes(file, { id, record, agent_id: agentId });
  refuseId(file, id);
  const middle =
    `"id":${JSON.stringify(id)},"record":${JSON.stringify(record)},` +
    `"schema_version":${JSON.stringify(schemaVersion)},"tool_version":${JSON.stringify(toolVersion)},` +
    `"source":"${source}","agent_id":${JSON.stringify(agentId)}`;
  return { id, isIdGiven: givenId !== undefined, record, source, payload, middle };
}

/** A row as it is about to be written. */
export type StampedRow = ReturnType<typeof stampRow>;

export function stampRow({ id, record, middle, payload }: PreparedRow, stamp: Stamp) {
  const { seq, prev, recordedAt } = stamp;
  const envelope = `{"_v":1,"seq":${seq},"prev":"${prev}",${middle},"recorded_at":"${recordedAt}"`;
  const { line, h } = sealLine(payload === "" ? envelope : `${envelope},${payload}`);
  return {
    id,
    record,
    seq,
    recordedAt,
    /** Without newline. */
    line,
    h,
    /** What a reader of the line gets; made again on each access, outside the lock. */
    get row(): Row {
      return readOwn(line);
    },
    /** The same without its payload. */
    get envelope(): Row {
      return readOwn(`${envelope},"h":"${h}"}`);
    },
  };
}

function readOwn(line: string): Row {
  const row = parseRow(line);
  if (row === undefined) throw new Error(`A row was made that can't be read: ${line}`);
  return row;
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

function payloadOf(
  file: LedgerFile,
  record: string,
  fields: Readonly<Record<string, unknown>>,
): string {
  if (typeof fields["toJSON"] === "function") {
    throw new RowKeyError(
      `${file}.jsonl: expected a payload of plain fields, got a "${record}" with its own toJSON. Hand in what it returns.`,
    );
  }
  const json = JSON.stringify(fields);
  if (json.length > ROW_BYTES_MAX / 3 && Buffer.byteLength(json) - 2 > ROW_BYTES_MAX) {
    throw new RowTooLargeError(
      `${file}.jsonl: expected a row of at most ${ROW_BYTES_MAX} bytes, got a "${record}" of ` +
        `${Buffer.byteLength(json) - 2}. Keep the large part in a file named by its SHA-256 and cite that.`,
    );
  }
  return json.slice(1, -1);
}

function refuseId(file: LedgerFile, id: string): void {
  if (id.length > 0 && id.length <= ID_CHARS_MAX) return;
  throw new RowKeyError(
    `${file}.jsonl: expected an id of 1 to ${ID_CHARS_MAX} characters, got ${id.length}.`,
  );
}

/** A row that no reader accepts must not be written, even if a cast fooled the compiler. */
function refuseOtherTypes(file: LedgerFile, names: Readonly<Record<string, unknown>>): void {
  for (const key in names) {
    if (typeof names[key] === "string") continue;
    throw new RowKeyError(`${file}.jsonl: expected a text as "${key}", got ${typeof names[key]}.`);
  }
}
