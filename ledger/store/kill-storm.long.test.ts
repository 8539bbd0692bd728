import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import type { Row } from "../domain/row.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import { unaccountedBytes } from "./test-support/account-bytes.ts";
import type { Deeds } from "./test-support/deeds.ts";
import { findingsIn } from "./test-support/findings-in.ts";
import { numberFrom } from "./test-support/from-environment.ts";
import { manualClock } from "./test-support/manual-clock.ts";
import { startWriter } from "./test-support/start-writer.ts";
import { storm, type StormPlan } from "./test-support/storm.ts";

const KILLS_USUAL = 300;
const KILLS = numberFrom("LEDGER_STORM_KILLS", KILLS_USUAL);
/** A few writers may all be killed before their first row; from here on that would be a fault of the storm. */
const IS_STORM = KILLS >= KILLS_USUAL;
/** A ledger that grows for ever would make each start slower than the one before. */
const KILLS_PER_LEDGER = 50;
const KILLS_WHILE_SEALING = Math.ceil(KILLS / 5);
const LONG_MS = 300_000 + KILLS * 5_000;

let folder: string;
let cacheFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
  cacheFolder = mkdtempSync(join(tmpdir(), "compiled-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(cacheFolder, { recursive: true });
});

it(
  "survives a storm of kill -9: no acknowledged row is lost, no row is there twice, every byte is accounted for",
  async () => {
    let acknowledged = 0;
    for (let round = 0; round * KILLS_PER_LEDGER < KILLS; round += 1) {
      const kills = Math.min(KILLS_PER_LEDGER, KILLS - round * KILLS_PER_LEDGER);
      const end = await stormOver(`storm-${round}`, {
        seed: round,
        kills,
        writers: 4 + (round % 5),
        bytesMax: 1_000_000,
        segmentBytesMax: 8_000_000,
        lifeMsMax: 150,
      });
      acknowledged += end.acknowledged;
    }
    expect(acknowledged).toBeGreaterThan(IS_STORM ? KILLS : -1);
  },
  LONG_MS,
);

it(
  "seals segments under eight writers that are killed at any moment, and every segment is whole",
  async () => {
    const place = await stormOver("sealing", {
      seed: 8,
      kills: KILLS_WHILE_SEALING,
      writers: 8,
      bytesMax: 2_000,
      segmentBytesMax: 2_000,
      lifeMsMax: 150,
    });
    const sealed = nodeFileSystem.list(place.folder).filter((name) => /^windows\.\d{6}/.test(name));
    expect(sealed.length).toBeGreaterThan(IS_STORM ? 2 : -1);
  },
  LONG_MS,
);

/** Lets a storm go over a ledger of its own, and holds what is left against what was promised. */
async function stormOver(name: string, plan: Omit<StormPlan, "folder" | "cacheFolder">) {
  const place = { folder: join(folder, name), cacheFolder };
  // Makes the ledger, and the code compiled for all that follow: only a process that ends keeps it.
  const { bytesMax, segmentBytesMax, seed } = plan;
  const first = { name: "first", task: "both", batches: 1 } as const;
  await startWriter({ ...place, ...first, seed, bytesMax, segmentBytesMax }, cacheFolder).ended;

  const deeds = await storm({ ...plan, ...place });
  expect(deeds.complaints).toBe("");
  const { windows, snapshots } = await openAndRead(place.folder);
  expect(findingsIn(place.folder)).toEqual([]);
  expect(unaccountedBytes(place.folder)).toEqual([]);
  const ids = [...windows, ...snapshots].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const there = new Set(ids);
  expect([...deeds.acknowledged.keys()].filter((id) => !there.has(id))).toEqual([]);
  for (const rows of [windows, snapshots]) expectHistory(rows, deeds);
  expectOneOfEach(snapshots);
  return { folder: place.folder, acknowledged: deeds.acknowledged.size };
}

/**
 * The order of rows respects real time: no row precedes one that was acknowledged before it was
 * appended.
 */
function expectHistory(rows: readonly Row[], { tried, acknowledged }: Deeds): void {
  const numbers = rows.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  let lastTriedUs = -Infinity;
  const tooLate: string[] = [];
  for (const { id } of rows) {
    lastTriedUs = Math.max(lastTriedUs, tried.get(id) ?? -Infinity);
    if ((acknowledged.get(id) ?? Infinity) < lastTriedUs) tooLate.push(id);
  }
  expect(tooLate).toEqual([]);
}

/** Every window has one `before` and at most one later `after`, whichever process was killed. */
function expectOneOfEach(snapshots: readonly Row[]): void {
  const taken = snapshots.filter(({ record }) => record === "snapshot_taken");
  const keys = taken.map((row) => `${String(row["window"])} ${String(row["phase"])}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const [index, key] of keys.entries()) {
    if (!key.endsWith(" after")) continue;
    const before = keys.indexOf(key.replace("after", "before"));
    expect({ key, isInOrder: before >= 0 && before < index }).toEqual({ key, isInOrder: true });
  }
}

async function openAndRead(ledger: string) {
  const clock = manualClock();
  const store = await openJsonlStore({ folder: ledger, clock, agentId: "a", toolVersion: "0" });
  const rows = { windows: [...store.read("windows")], snapshots: [...store.read("snapshots")] };
  await store.close();
  return rows;
}
