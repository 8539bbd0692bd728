import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { openJsonlStore } from "./open-jsonl-store.ts";
import { LedgerFullError } from "./store-errors.ts";
import type { LedgerStore } from "./store.ts";
import { joinDeeds } from "./test-support/deeds.ts";
import { findingsIn } from "./test-support/findings-in.ts";
import { manualClock } from "./test-support/manual-clock.ts";
import { makeSmallDisk, type SmallDisk, whyNoSmallDisk } from "./test-support/small-disk.ts";
import { startWriter } from "./test-support/start-writer.ts";

const MEGABYTE = 1_048_576;
const obstacle = whyNoSmallDisk();

let disk: SmallDisk | undefined;
afterEach(() => {
  disk?.remove();
  disk = undefined;
});

describe.skipIf(obstacle !== undefined)(`a real disk of some megabytes${obstacle ?? ""}`, () => {
  it("that is full stops every writer with a message, keeps all acknowledged rows, and continues when there is room", async () => {
    disk = makeSmallDisk(8);
    const folder = join(disk.folder, "ledger");
    const ballast = join(disk.folder, "ballast");
    writeFileSync(ballast, Buffer.alloc(2 * MEGABYTE));
    const { acknowledged, complaints } = await writeUntilAllStop(folder);
    for (const complaint of complaints) expect(complaint).toMatch(/expected room.*Make room/);
    disk.restart();

    const full = await open(folder);
    expect(missing(full, acknowledged)).toEqual([]);
    const large = { record: "told", text: "x".repeat(1_000_000) };
    await expect(full.append("windows", [large])).rejects.toThrow(LedgerFullError);
    rmSync(ballast);
    await full.append("windows", [{ record: "told", id: "there is room" }]);
    await full.close();
    expect(findingsIn(folder)).toEqual([]);
  });

  it("whose sync fails stops every writer; the next start writes the rows again, and what was acknowledged outlives a restart", async () => {
    disk = makeSmallDisk(32, 5);
    const folder = join(disk.folder, "ledger");
    const { acknowledged, complaints } = await writeUntilAllStop(folder);
    for (const complaint of complaints) expect(complaint).toMatch(/sync failed.*start again/s);
    disk.mendMedium();

    const next = await open(folder);
    await next.append("windows", [{ record: "told", id: "goes on" }]);
    await next.close();
    disk.restart();
    const last = await open(folder);
    expect(missing(last, acknowledged)).toEqual([]);
    expect([...last.read("windows")].at(-1)?.id).toBe("goes on");
    await last.close();
    expect(findingsIn(folder)).toEqual([]);
  });
});

/** Three processes write until the disk stops each of them. */
async function writeUntilAllStop(folder: string) {
  const orders = { folder, task: "rows", batches: 10_000, bytesMax: 100_000 } as const;
  const writers = [1, 2, 3].map((seed) =>
    startWriter({ ...orders, name: `writer-${seed}`, seed, segmentBytesMax: 64 * MEGABYTE }),
  );
  const { acknowledged } = joinDeeds(await Promise.all(writers.map(({ ended }) => ended)));
  expect(acknowledged.size).toBeGreaterThan(10);
  return { acknowledged, complaints: writers.map((writer) => writer.complaints()) };
}

function missing(store: LedgerStore, acknowledged: ReadonlyMap<string, number>): readonly string[] {
  const there = new Set([...store.read("windows")].map(({ id }) => id));
  return [...acknowledged.keys()].filter((id) => !there.has(id));
}

function open(folder: string): Promise<LedgerStore> {
  return openJsonlStore({ folder, clock: manualClock(), agentId: "test", toolVersion: "0.0.0" });
}
