import {
  array,
  assert as assertProperty,
  boolean,
  constantFrom,
  date,
  dictionary,
  double,
  integer,
  oneof,
  property,
  string,
} from "fast-check";
import { expect, it } from "vitest";

import type { NewRow } from "../domain/row.ts";
import { prepareRow, type StampedRow, stampRow } from "./prepared-row.ts";
import { RowKeyError } from "./store-errors.ts";

const DEFAULTS = { agentId: "agent", toolVersion: "1.2.3", makeId: () => "made" };
const STAMP = { seq: 7, prev: "p".repeat(43), recordedAt: "2026-01-01T00:00:00.000Z" };
const STORE_KEYS = ["_v", "seq", "prev", "tool_version", "recorded_at", "h"];
const NAMES = ["id", "record", "schema_version", "source", "agent_id", "toJSON"];

const value = oneof(
  string({ unit: "binary" }),
  double(),
  integer(),
  boolean(),
  constantFrom(null, undefined, -0, "\ud800", "__proto__"),
  array(integer(), { maxLength: 2 }),
  date({ noInvalidDate: true }),
);
const key = string({ maxLength: 4 }).filter((k) => ![...STORE_KEYS, ...NAMES].includes(k));

it("is to its caller what the line is to a reader, to the order of its fields", () => {
  const fields = oneof(
    dictionary(key, value, { maxKeys: 5 }),
    dictionary(constantFrom("__proto__", "7", "a", "é"), value),
  );
  assertProperty(
    property(fields, (payload) => {
      const { row, line } = stamped({ ...payload, record: "told" });
      expect(JSON.stringify(row)).toBe(JSON.stringify(JSON.parse(line)));
      expect(row).toStrictEqual(JSON.parse(line));
    }),
  );
});

it("keeps what it was handed, though the caller changes it before the row is asked for", () => {
  const handed = { record: "told", n: 1, list: [1] };
  const one = stamped(handed);
  handed.n = 2;
  handed.list.push(2);
  expect(one.row).toMatchObject({ n: 1, list: [1] });
});

it.each([
  ["a payload that turns itself into something else", { record: "told", toJSON: () => "x" }],
  ["a number for an id", { record: "told", id: 5 }],
  ["nothing for a record", { record: undefined }],
])("refuses %s, which no reader would take", (_, row) => {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what the compiler would not let through
  expect(() => prepareRow("windows", row as unknown as NewRow, DEFAULTS)).toThrow(RowKeyError);
});

function stamped(row: NewRow): StampedRow {
  return stampRow(prepareRow("windows", row, DEFAULTS), STAMP);
}
