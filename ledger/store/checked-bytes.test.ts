import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import type { CheckedBytes } from "./checked-bytes.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import { manualClock } from "./test-support/manual-clock.ts";

const ROWS = 6_000;
const BATCH = 400;

let folder = "";
let remembered: readonly CheckedBytes[] = [];

/** Opens the ledger as a command does, and returns the values of its rows. */
async function open(rowsToAdd = 0): Promise<readonly unknown[]> {
  const store = await openJsonlStore({
    folder,
    clock: manualClock(),
    agentId: "agent",
    toolVersion: "0.1.0",
    limits: { segmentBytesMax: 2_000_000, checkedBytesMax: Infinity },
    checked: {
      before: remembered,
      remember(all) {
        remembered = all;
      },
    },
  });
  try {
    const rows = Array.from({ length: rowsToAdd }, (_, value) => ({
      record: "note",
      value,
      text: "x".repeat(600),
    }));
    // Segments are sealed between appends.
    for (let from = 0; from < rows.length; from += BATCH) {
      await store.append("backlog", rows.slice(from, from + BATCH));
    }
    return [...store.read("backlog")].map((row) => row["value"]);
  } finally {
    await store.close();
  }
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "checked-"));
  remembered = [];
  await open(ROWS);
  await open();
});
afterEach(() => rmSync(folder, { recursive: true }));

it("remembers every segment once much was checked", () => {
  const own = remembered.filter(({ file }) => file === "backlog");
  expect(own.map(({ segment }) => segment)).toEqual(own.map((_, index) => index + 1));
  expect(own.length).toBeGreaterThan(1);
});

it("reads the same rows from an opening that compares hashes, and those that were added since", async () => {
  await open(3);
  const values = await open();
  expect(values.length).toBe(ROWS + 3);
  expect(values.slice(-3)).toEqual([0, 1, 2]);
});

it.each(["backlog.000001.jsonl", "backlog.jsonl"])("refuses a flipped bit in %s", async (name) => {
  const file = path.join(folder, name);
  const bytes = readFileSync(file);
  bytes.writeUInt8((bytes[300] ?? 0) ^ 1, 300);
  writeFileSync(file, bytes);
  await expect(open()).rejects.toThrow("these bytes are no row");
});

it("refuses a segment that was put in the place of another one", async () => {
  const [first, second] = ["backlog.000001.jsonl", "backlog.000002.jsonl"].map((name) =>
    path.join(folder, name),
  );
  writeFileSync(first ?? "", readFileSync(second ?? ""));
  await expect(open()).rejects.toThrow(/missing, moved|no row/u);
});
