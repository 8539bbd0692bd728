import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, it } from "vitest";

import { openJsonlStore } from "./open-jsonl-store.ts";
import type { LedgerStore } from "./store.ts";
import { findingsIn } from "./test-support/findings-in.ts";
import { manualClock } from "./test-support/manual-clock.ts";

const HOLDER = fileURLToPath(import.meta.resolve("./test-support/holder-process.ts"));
const HAND_OVERS = 3;

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
  rmSync(releaseFile(), { force: true });
});

it("hands the lock over when its holder is killed, and not before", async () => {
  for (let round = 0; round < HAND_OVERS; round += 1) {
    const holder = await startHolder();
    let isTaken = false;
    const appended = stores[0]?.append("windows", [{ record: "waited" }], {
      unless: () => {
        isTaken = true;
        return undefined;
      },
    });
    await sleep(10);
    expect(isTaken).toBe(false);
    holder.kill("SIGKILL");
    await appended;
  }
  expect([...(stores[0]?.read("windows") ?? [])]).toHaveLength(HAND_OVERS);
  expect(findingsIn(folder)).toEqual([]);
});

it("takes the lock from no stopped holder: the others wait, and continue after it", async () => {
  const holder = await startHolder();
  holder.kill("SIGSTOP");
  let written = 0;
  const appends = stores.map(async (store) => {
    await store.append("windows", [{ record: "waited" }]);
    written += 1;
  });
  await sleep(500);
  expect(written).toBe(0);
  writeFileSync(releaseFile(), "");
  holder.kill("SIGCONT");
  await Promise.all([...appends, once(holder, "close")]);
  expect(holder.exitCode).toBe(0);
  const records = [...(stores[0]?.read("windows") ?? [])].map(({ record }) => record);
  expect(records).toEqual(["held", "waited", "waited"]);
  expect(findingsIn(folder)).toEqual([]);
});

/** Makes the holder let go of the lock. It is next to the ledger, which must have no unknown file. */
function releaseFile(): string {
  return `${folder}.release`;
}

/** Resolves when the process holds the lock. */
async function startHolder() {
  const command = [HOLDER, folder, releaseFile()];
  const holder = spawn(execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(holder);
  await once(holder.stdout, "data");
  return holder;
}

function open(agentId: string): Promise<LedgerStore> {
  return openJsonlStore({ folder, clock: manualClock(), agentId, toolVersion: "0.0.0" });
}
