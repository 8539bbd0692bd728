import {
  type Arbitrary,
  array,
  assert as assertProperty,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  oneof,
  property,
  string,
  tuple,
  uuid,
} from "fast-check";
import { describe, expect, it } from "vitest";

import { BudgetReserved } from "../domain/budget-event.ts";
import type { Row } from "../domain/row.ts";
import { parseRow } from "../store/envelope.ts";
import type { ReservationStep } from "./open-reservations.ts";
import { debitFact, readFact, requestFact } from "./read-fact.ts";
import { debited, requested, reserved } from "./test-support/sample-rows.ts";
import { CELL, lineOf, payload } from "./test-support/traffic-lines.ts";
import { readTrafficLine } from "./traffic-line.ts";

/** What the view makes of a row: its fact, its settlement, or its reservation. */
type Content = object | undefined;

function readByLine(line: string): Content {
  const row = readTrafficLine(line);
  if (row === undefined) return undefined;
  const { id, experiment_id: experiment } = row;
  if (row.record === "budget_reserved") {
    return { experiment, id, reservation: row.reservation, tokens: row.tokens };
  }
  if (row.record === "request_proxied") return { experiment, fact: requestFact(id, row) };
  return { experiment, fact: debitFact(id, row), settlement: stepOf(row) };
}

/** The same, from the parsed row and its schema; undefined if the schema rejects the row. */
function readBySchema(line: string): Content {
  const row: Row | undefined = parseRow(line);
  if (row === undefined) return undefined;
  const experiment = String(row["experiment_id"]);
  if (row.record === "budget_reserved") {
    const { success, data } = BudgetReserved.safeParse(row);
    if (!success) return undefined;
    return { experiment, id: row.id, reservation: data.reservation, tokens: data.tokens };
  }
  const { fact, target, settlement } = readFact(row) ?? {};
  if (target !== undefined) return undefined;
  if (fact?.kind === "request") return { experiment, fact };
  if (fact?.kind !== "debit" || settlement === undefined) return undefined;
  return { experiment, fact, settlement: stepOf(settlement) };
}

function stepOf({ reservation, delta, is_final }: ReservationStep): ReservationStep {
  return { reservation, delta, is_final };
}

/** The content by the line, if the line is read, and the content by the schema. */
function readBoth(line: string) {
  const expected = readBySchema(line);
  return { read: readByLine(line) ?? expected, expected };
}

const anyValue: Arbitrary<unknown> = oneof(
  constantFrom(null, true, false, "", "all", "true", 0, -0, -1, 1.5, 1e21, 1e-7, 2 ** 31, 2 ** 53),
  integer(),
  double({ noNaN: true, noDefaultInfinity: true }),
  string({ unit: "binary" }),
  constantFrom("2026-02-29T00:00:00.000Z", "2028-02-29T23:59:59.999Z", "2026-04-31T00:00:00.000Z"),
  constantFrom("W0-1", "W0-01", "W12-345 ", "manual", "0123456789ab", "0123456789AB"),
  constantFrom(
    {},
    [],
    { requests: 1 },
    { requests: 1, output: 3 },
    { output: 3 },
    { requests: -1 },
  ),
);

/** A row in which some fields have arbitrary values, are missing, or are added. */
const brokenLine = tuple(
  payload,
  array(tuple(integer({ min: 0, max: 60 }), anyValue), { maxLength: 3 }),
  oneof(constant({}), dictionary(string(), anyValue, { maxKeys: 2 })),
  oneof(
    constant({}),
    constantFrom({ supersedes: "x" }, { schema_version: "2.0" }, { id: "row-1" }),
  ),
).map(([row, changes, more, envelope]) => {
  const fields = Object.entries(row);
  for (const [place, value] of changes) {
    const field = fields[place % fields.length];
    if (field !== undefined && field[0] !== "record") field[1] = value;
  }
  return lineOf({ ...Object.fromEntries(fields), ...more }, envelope);
});

describe("reading a row by its line", () => {
  it("says what the schema says, of rows as they are written", () => {
    assertProperty(
      property(payload, uuid({ version: 7 }), (row, id) => {
        const line = lineOf(row, { id });
        const { read, expected } = readBoth(line);
        expect(read).toStrictEqual(expected);
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  it("never reads a row that the schema refuses or reads as something else", () => {
    assertProperty(
      property(brokenLine, (line) => {
        const { read, expected } = readBoth(line);
        expect(read).toStrictEqual(expected);
      }),
      { numRuns: 5_000, seed: 2 },
    );
  });

  it("never reads a line in which one character was changed as something else", () => {
    const characters = constantFrom(...String.raw`"\{}[],:0129.-eE+ aéntfW`.split(""));
    assertProperty(
      property(payload, integer({ min: 0 }), characters, (row, at, character) => {
        const whole = lineOf(row);
        const place = at % whole.length;
        const line = whole.slice(0, place) + character + whole.slice(place + 1);
        const { read, expected } = readBoth(line);
        expect(read).toStrictEqual(expected);
      }),
      { numRuns: 5_000, seed: 3 },
    );
  });
});

describe("which rows are read by their lines", () => {
  it.each([
    ["a request", requested(CELL)],
    ["a request that was refused", requested(CELL, { status: 402, usage: null, refused_by: "w" })],
    [
      "a request with its place in the design",
      requested(CELL, { feature_id: "f", replicate: 1, period: 2 }),
    ],
    ["a reservation", reserved(CELL, "W0-01.1.1", 80)],
    ["a debit", debited(CELL, "W0-01.1.1", 80)],
    [
      "a debit with its usage",
      { ...debited(CELL, "r", 8), is_estimated: true, usage: { output: 8, requests: 1 } },
    ],
  ])("reads %s without parsing it", (_, row) => {
    const line = lineOf(row);
    expect(readByLine(line)).toBeDefined();
    expect(readByLine(line)).toStrictEqual(readBySchema(line));
  });

  it.each([
    ["an escaped text", requested(CELL, { model: 'a"b' })],
    ["a text beyond ASCII", requested(CELL, { model: "modèle" })],
    ["a count of ten digits", debited(CELL, "r", 4_000_000_000)],
    ["a field of a later version", requested(CELL, { of_a_later_version: 1 })],
    ["a correction", { ...debited(CELL, "r", 8), supersedes: "x" }],
    ["a window's id of another form", debited({ ...CELL, window: "W0 1" }, "r", 8)],
    ["another record", { record: "window_opened" }],
  ])("leaves %s to the schema", (_, row) => {
    expect(readTrafficLine(lineOf(row))).toBeUndefined();
  });
});
