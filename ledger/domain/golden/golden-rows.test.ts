import { readdirSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { JsonlReader } from "../../store/jsonl-reader.ts";
import { readLedgerId } from "../../store/ledger-header.ts";
import { nodeFileSystem } from "../../store/node-file-system.ts";
import { verifyLedger } from "../../verification/verify-ledger.ts";
import { readFact } from "../../views/read-fact.ts";
import { LEDGER_FILES } from "../ledger-file.ts";
import type { Row } from "../row.ts";
import { RECORD_SCHEMAS, validateRow } from "../validate-row.ts";

const FOLDERS = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Kept for ever: a version that was released once is read by every later one. */
describe.each(FOLDERS)("the golden ledger of schema %s", (name) => {
  const folder = path.join(import.meta.dirname, name);

  it("verifies", () => {
    expect(verifyLedger(folder, { mode: "full" }).findings).toEqual([]);
  });

  it("reads row by row, each by its record's schema and into its fact", () => {
    const rows = readAll(folder);
    expect(rows.length).toBeGreaterThan(0);
    for (const { file, row } of rows) {
      const { supersedes = row.id, ...others } = row;
      expect(() => validateRow(file, { ...others, supersedes })).not.toThrow();
      expect({ record: row.record, isRead: readFact(row) !== undefined }).toEqual({
        record: row.record,
        isRead: true,
      });
    }
  });
});

it("has a row of every record that this version writes", () => {
  const records = new Set(
    FOLDERS.flatMap((name) => readAll(path.join(import.meta.dirname, name))).map(
      ({ row }) => row.record,
    ),
  );
  expect([...RECORD_SCHEMAS.keys()].filter((record) => !records.has(record))).toEqual([]);
});

function readAll(folder: string) {
  const place = { fileSystem: nodeFileSystem, folder };
  const reader = new JsonlReader({ ...place, ledgerId: readLedgerId(place) ?? "" });
  return LEDGER_FILES.flatMap((file) => [...reader.read(file)].map((row: Row) => ({ file, row })));
}
