import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, it } from "vitest";

import { verifyLedger } from "../verification/verify-ledger.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import type { LedgerStore } from "./store.ts";
import { drawFrom } from "./test-support/draw.ts";
import { numberFrom } from "./test-support/from-environment.ts";
import { manualClock } from "./test-support/manual-clock.ts";
import { startWriter, type Writer } from "./test-support/start-writer.ts";
import type { WriterOrders } from "./test-support/writer-orders.ts";

const KILLS = numberFrom("LEDGER_STORM_KILLS", 12);
const STORM_WRITERS = 4;
const LONG_MS = 60_000 + KILLS * 1_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it(
  "survives a storm of kill -9: nothing acknowledged is lost, nothing is there twice, no byte is unaccounted for",
  async () => {
    const draw = drawFrom(42);
    const acknowledged: string[] = [];
    const writers = Array.from({ length: STORM_WRITERS }, (_, index) => writer(`first-${index}`));
    for (let kill = 0; kill < KILLS; kill += 1) {
      const victim = draw.below(writers.length);
      const one = writers[victim];
      await one?.ready;
      await sleep(draw.between(0, 60));
      one?.process.kill("SIGKILL");
      acknowledged.push(...((await one?.ended) ?? []));
      writers[victim] = writer(`next-${kill}`);
    }
    for (const one of writers) one.process.kill("SIGKILL");
    for (const one of writers) acknowledged.push(...(await one.ended));

    const ids = await openAndReadIds();
    expect(acknowledged.length).toBeGreaterThan(KILLS);
    expect(new Set(ids).size).toBe(ids.length);
    const there = new Set(ids);
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    expect(verifyLedger(folder, { mode: "full" }).findings).toEqual([]);
  },
  LONG_MS,
);

it(
  "seals segments under eight writers without losing or repeating a row",
  async () => {
    const names = Array.from({ length: 8 }, (_, index) => `writer-${index}`);
    const writers = names.map((name) => writer(name, { batches: 40, bytesMax: 2_000 }));
    const told = (await Promise.all(writers.map(({ ended }) => ended))).flat();
    expect(writers.map(({ complaints }) => complaints())).toEqual(names.map(() => ""));
    const ids = await openAndReadIds();
    expect(ids.toSorted()).toEqual(told.toSorted());
    const verification = verifyLedger(folder, { mode: "full" });
    expect(verification.findings).toEqual([]);
    expect(
      nodeFileSystem.list(folder).filter((name) => /^windows\.\d{6}/.test(name)).length,
    ).toBeGreaterThan(2);
  },
  LONG_MS,
);

it(
  "lets exactly one process be the first for each window",
  async () => {
    const names = ["a", "b", "c", "d"];
    const writers = names.map((name) => writer(name, { task: "befores", batches: 40 }));
    const told = (await Promise.all(writers.map(({ ended }) => ended))).flat();
    expect(writers.map(({ complaints }) => complaints())).toEqual(names.map(() => ""));
    const store = await open();
    const rows = [...store.read("snapshots")];
    await store.close();
    expect(rows.map((row) => row["window"])).toEqual(
      Array.from({ length: 40 }, (_, index) => index),
    );
    expect(rows.map(({ id }) => id).toSorted()).toEqual(told.toSorted());
  },
  LONG_MS,
);

it("takes the lock within milliseconds from a holder that was killed, and never from one that is only slow", async () => {
  const store = await open();
  await store.append("windows", [{ record: "a" }]);
  const waits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const fd = nodeFileSystem.open(join(folder, "windows.jsonl"), "a+");
    expect(nodeFileSystem.tryLock(fd)).toBe(true);
    let isWritten = false;
    const appended = store.append("windows", [{ record: "b" }]).then(() => (isWritten = true));
    await sleep(20);
    expect(isWritten).toBe(false);
    // The kernel lets go of a lock when its descriptor closes, as it does for a process that was killed.
    const startMs = performance.now();
    nodeFileSystem.close(fd);
    await appended;
    waits.push(performance.now() - startMs);
  }
  await store.close();
  expect(waits.toSorted((a, b) => a - b)[4]).toBeLessThan(50);
});

function writer(name: string, orders: Partial<WriterOrders> = {}): Writer {
  return startWriter({
    folder,
    name,
    task: "rows",
    seed: name.length + Number(/\d+$/.exec(name)?.[0] ?? 0),
    batches: 100_000,
    bytesMax: 1_000_000,
    segmentBytesMax: orders.bytesMax === undefined ? 4_000_000 : 60_000,
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
