import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, it } from "vitest";

import { verifyLedger } from "../verification/verify-ledger.ts";
import { openJsonlStore } from "./open-jsonl-store.ts";
import type { LedgerStore } from "./store.ts";
import { manualClock } from "./test-support/manual-clock.ts";

const HOLDER = fileURLToPath(import.meta.resolve("./test-support/holder-process.ts"));
const HAND_OVERS = 30;
const HAND_OVER_MS_MAX = 50;
const SERIES_MAX = 3;
/** Longer than any test: such a holder lets go only when it is killed. */
const FOR_EVER_MS = 600_000;
const LONG_MS = 180_000;

let folder: string;
let stores: LedgerStore[];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
  stores = [await open("one"), await open("two")];
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true });
});

it(
  `hands the lock over within ${HAND_OVER_MS_MAX} ms (p99) when its holder is killed`,
  async () => {
    // A machine that is busy with something else delays a hand-over; a slow lock delays those of every series.
    let [series, p99] = [0, Infinity];
    while (p99 > HAND_OVER_MS_MAX && series < SERIES_MAX) {
      series += 1;
      p99 = await p99OfHandOvers();
    }
    expect(p99).toBeLessThanOrEqual(HAND_OVER_MS_MAX);
    expect([...(stores[0]?.read("windows") ?? [])]).toHaveLength(series * HAND_OVERS);
    expect(verifyLedger(folder, { mode: "full" }).findings).toEqual([]);
  },
  LONG_MS,
);

it(
  "robs no holder that is stopped: the others wait, and go on after it",
  async () => {
    const holder = await startHolder(300);
    holder.kill("SIGSTOP");
    let written = 0;
    const appends = stores.map(async (store) => {
      await store.append("windows", [{ record: "waited" }]);
      written += 1;
    });
    await sleep(1_500);
    expect(written).toBe(0);
    holder.kill("SIGCONT");
    await Promise.all([...appends, once(holder, "close")]);
    expect(holder.exitCode).toBe(0);
    const records = [...(stores[0]?.read("windows") ?? [])].map(({ record }) => record);
    expect(records).toEqual(["held", "waited", "waited"]);
    expect(verifyLedger(folder, { mode: "full" }).findings).toEqual([]);
  },
  LONG_MS,
);

async function p99OfHandOvers(): Promise<number> {
  const waits: number[] = [];
  for (let round = 0; round < HAND_OVERS; round += 1) waits.push(await handOverMs());
  return waits.toSorted((a, b) => a - b)[Math.ceil(0.99 * HAND_OVERS) - 1] ?? Infinity;
}

/** Milliseconds from a holder's kill to the moment in which a waiting writer has the lock. */
async function handOverMs(): Promise<number> {
  const holder = await startHolder(FOR_EVER_MS);
  let takenAtMs = 0;
  const appended = stores[0]?.append("windows", [{ record: "waited" }], {
    unless: () => {
      takenAtMs = performance.now();
      return undefined;
    },
  });
  await sleep(10);
  expect(takenAtMs).toBe(0);
  const killedAtMs = performance.now();
  holder.kill("SIGKILL");
  await appended;
  return takenAtMs - killedAtMs;
}

/** Resolves when the process holds the lock. */
async function startHolder(holdMs: number): Promise<ChildProcess> {
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const holder = spawn(execPath, [HOLDER, folder, String(holdMs)], { stdio: [...stdio] });
  children.push(holder);
  if (holder.stdout !== null) await once(holder.stdout, "data");
  return holder;
}

function open(agentId: string): Promise<LedgerStore> {
  return openJsonlStore({ folder, clock: manualClock(), agentId, toolVersion: "0.0.0" });
}
