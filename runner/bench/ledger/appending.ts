import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";

import type { FileSystem } from "../../../ledger/store/file-system.ts";
import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { packageFolder } from "../../platform/environment/package-folder.ts";
import { benchSize } from "../bench-size.ts";
import { CALLERS, countRows, ROW } from "./callers.ts";
import { slowerDisk } from "./slower-disk.ts";
import { WRITE_MODES, type WriteMode } from "./write-mode.ts";

const PROCESSES = benchSize({ full: 8, short: 2 });
/** All sides take turns, so that what else the machine does meets all of them. */
const ROUNDS = benchSize({ full: 8, short: 1 });
const ROUND_MS = benchSize({ full: 700, short: 50 });
/** Turns that are not counted: eight processes on two cores take ten seconds until their code is compiled. */
const WARM_UP_ROUNDS = benchSize({ full: 14, short: 1 });
const RUN_LIMIT_MS = 240_000;
const ADDED_MS = 3;
/** Bytes of a row of the bench, with its envelope. */
const ROW_BYTES = 430;

/** What an append costs: by many callers, and by many processes. */
export async function benchAppending(folder: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const addedMs of [0, ADDED_MS]) {
    const place = path.join(folder, `added-${String(addedMs)}`);
    mkdirSync(place);
    lines.push(await benchCallers(place, addedMs), await benchProcesses(place, addedMs));
  }
  return lines;
}

async function benchCallers(folder: string, addedMs: number): Promise<string> {
  const fileSystem = slowerDisk(addedMs);
  const store = await openJsonlStore({
    folder: path.join(folder, "callers"),
    clock: systemClock,
    agentId: "bench",
    toolVersion: "0.0.0",
    fileSystem,
  });
  const fd = fileSystem.open(path.join(folder, "alone.jsonl"), "a+");
  const line = Buffer.from(`${JSON.stringify(ROW)}\n`);
  const batch = Buffer.alloc(CALLERS * ROW_BYTES, line);
  const sums = await takeTurns([
    () => countSyncs(fileSystem, fd, line),
    () => countSyncs(fileSystem, fd, batch),
    () => countRows(ROUND_MS, () => store.append("budgets", [ROW])),
  ]);
  fileSystem.close(fd);
  await store.close();
  const [alone = 0, batches = 0, rows = 0] = sums;
  const atMost = (batches * CALLERS) / alone;
  return (
    `append, ${String(CALLERS)} callers${conditionOf(addedMs)}: ${perSecond(rows)} rows/s; ` +
    `write + fdatasync each: ${perSecond(alone)}/s; ${(rows / alone).toFixed(0)} x (target: at least 50 x); ` +
    `a write of ${String(CALLERS)} rows' bytes + fdatasync: ${perSecond(batches)}/s, so at most ${atMost.toFixed(0)} x with code that costs nothing`
  );
}

/** How often one caller writes and syncs. */
async function countSyncs(fileSystem: FileSystem, fd: number, bytes: Buffer): Promise<number> {
  const endMs = systemClock.monotonicMs() + ROUND_MS;
  let syncs = 0;
  while (systemClock.monotonicMs() < endMs) {
    fileSystem.write(fd, bytes);
    await fileSystem.fdatasync(fd);
    syncs += 1;
  }
  return syncs;
}

async function benchProcesses(folder: string, addedMs: number): Promise<string> {
  const script = path.join(packageFolder(), "runner", "bench", "ledger", "write-rows.ts");
  const writers = Array.from({ length: PROCESSES }, (_, index) =>
    fork(script, [folder, String(index), String(addedMs)], { timeout: RUN_LIMIT_MS }),
  );
  await Promise.all(writers.map((writer) => answerOf(writer)));
  const [unlocked = 0, own = 0, shared = 0] = await takeTurns(
    WRITE_MODES.map((mode) => () => runAll(writers, mode)),
  );
  const ended = writers.map((writer) => once(writer, "exit"));
  for (const writer of writers) writer.disconnect();
  await Promise.all(ended);
  return (
    `append, ${String(PROCESSES)} processes on one ledger${conditionOf(addedMs)}: ${perSecond(shared)} rows/s; ` +
    `the same rows, batches and syncs on one file without a lock: ${perSecond(unlocked)}/s; ` +
    `${(shared / unlocked).toFixed(2)} x (target: at least 0.9 x); ` +
    `each on a ledger of its own: ${perSecond(own)}/s; ${(shared / own).toFixed(2)} x`
  );
}

async function runAll(writers: readonly ChildProcess[], mode: WriteMode): Promise<number> {
  const answers = writers.map((writer) => answerOf(writer));
  for (const writer of writers) writer.send({ mode, ms: ROUND_MS });
  const counts = await Promise.all(answers);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function answerOf(writer: ChildProcess): Promise<number> {
  const [answer] = await once(writer, "message", { signal: AbortSignal.timeout(RUN_LIMIT_MS) });
  return Number(answer);
}

/** The sums of what each side counts, in turns. */
async function takeTurns(sides: readonly (() => Promise<number>)[]): Promise<readonly number[]> {
  const sums = sides.map(() => 0);
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    for (const [index, side] of sides.entries()) {
      const count = await side();
      if (round >= WARM_UP_ROUNDS) sums[index] = (sums[index] ?? 0) + count;
    }
  }
  return sums;
}

function conditionOf(addedMs: number): string {
  return addedMs === 0 ? "" : `, with ${String(addedMs)} ms added to every sync, both sides`;
}

function perSecond(count: number): string {
  return String(Math.round((count * 1_000) / (ROUNDS * ROUND_MS)));
}
