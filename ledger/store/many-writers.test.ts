import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { nodeFileSystem } from "./node-file-system.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import type { LedgerStore } from "./store.ts";
import { joinDeeds } from "./test-support/deeds.ts";
import { findingsIn } from "./test-support/findings-in.ts";
import { manualClock } from "./test-support/manual-clock.ts";
import { startWriter, type Writer } from "./test-support/start-writer.ts";
import type { WriterOrders } from "./test-support/writer-orders.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("seals segments under eight writers without losing or repeating a row", async () => {
  const names = Array.from({ length: 8 }, (_, index) => `writer-${index}`);
  const writers = names.map((name) => writer(name));
  const told = await acknowledgedBy(writers);
  expect(writers.map(({ complaints }) => complaints())).toEqual(names.map(() => ""));
  const ids = await openAndReadIds();
  expect(ids.toSorted()).toEqual(told.toSorted());
  expect(findingsIn(folder)).toEqual([]);
  expect(
    nodeFileSystem.list(folder).filter((name) => /^windows\.\d{6}/.test(name)).length,
  ).toBeGreaterThan(2);
});

it("lets exactly one process be the first with each window's before, and with its after", async () => {
  const names = ["a", "b", "c", "d"];
  const writers = names.map((name) => writer(name, { task: "befores" }));
  const told = await acknowledgedBy(writers);
  expect(writers.map(({ complaints }) => complaints())).toEqual(names.map(() => ""));
  const store = await open();
  const rows = [...store.read("snapshots")];
  await store.close();
  expect(rows.map((row) => [row["window"], row["phase"]])).toEqual(
    Array.from({ length: 80 }, (_, n) => [n >> 1, n % 2 === 0 ? "before" : "after"]),
  );
  expect(rows.map(({ id }) => id).toSorted()).toEqual(told.toSorted());
});

function writer(name: string, orders: Partial<WriterOrders> = {}): Writer {
  return startWriter({
    folder,
    name,
    task: "rows",
    seed: name.length + Number(/\d+$/.exec(name)?.[0] ?? 0),
    batches: 40,
    bytesMax: 2_000,
    segmentBytesMax: 60_000,
    ...orders,
  });
}

function open(): Promise<LedgerStore> {
  return openJsonlStore({ folder, clock: manualClock(), agentId: "test", toolVersion: "0.0.0" });
}

async function openAndReadIds(): Promise<readonly string[]> {
  const store = await open();
  const ids = [...store.read("windows")].map(({ id }) => id);
  await store.close();
  return ids;
}

async function acknowledgedBy(writers: readonly Writer[]): Promise<readonly string[]> {
  const { acknowledged } = joinDeeds(await Promise.all(writers.map(({ ended }) => ended)));
  return [...acknowledged.keys()];
}
