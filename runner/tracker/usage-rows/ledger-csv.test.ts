import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { appendCsvRow, isCell, readCsvLedger } from "./ledger-csv.ts";

const LEDGER = { name: "L.csv", columns: ["day", "count"] } as const;

function fileOf(text?: string): string {
  const file = path.join(temporaryFolder(), LEDGER.name);
  if (text !== undefined) writeFileSync(file, text);
  return file;
}

it("begins with its columns, and only grows", () => {
  const file = fileOf();
  expect(readCsvLedger(file, LEDGER)).toEqual([]);
  appendCsvRow(file, LEDGER, { day: "one, two", count: 3 });
  appendCsvRow(file, LEDGER, { day: "=1+1", count: null });
  expect(readFileSync(file, "utf8")).toBe('day,count\n"one, two",3\n\'=1+1,\n');
  expect(readCsvLedger(file, LEDGER)).toEqual([
    { day: "one, two", count: "3" },
    { day: "'=1+1", count: "" },
  ]);
});

it("ends a last line that has no end", () => {
  const file = fileOf("day,count\na,1");
  appendCsvRow(file, LEDGER, { day: "b", count: 2 });
  expect(readFileSync(file, "utf8")).toBe("day,count\na,1\nb,2\n");
});

it("reads a byte order mark and short rows", () => {
  expect(readCsvLedger(fileOf("\u{FEFF}day,count\na\n"), LEDGER)).toEqual([
    { day: "a", count: "" },
  ]);
});

it.each([
  ["day\na\n", ':1: expected the columns day,count, got "day"'],
  ["", ':1: expected the columns day,count, got ""'],
  ['day,count\n"a', ": expected comma-separated values, got something else"],
])("refuses %j, and leaves it as it is", (text, told) => {
  const file = fileOf(text);
  expect(() => appendCsvRow(file, LEDGER, { day: "b", count: 2 })).toThrow(`${file}${told}`);
  expect(readFileSync(file, "utf8")).toBe(text);
});

it("makes no file to read one", () => {
  const file = fileOf();
  readCsvLedger(file, LEDGER);
  expect(existsSync(file)).toBe(false);
});

it("knows a text that was kept from being a formula", () => {
  expect([
    isCell("=a", "=a"),
    isCell("'=a", "=a"),
    isCell("a", "=a"),
    isCell(undefined, "a"),
  ]).toEqual([true, true, false, false]);
});
