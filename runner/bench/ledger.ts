import { execFileSync, spawn } from "node:child_process";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { openJsonlStore } from "../../ledger/store/open-jsonl-store.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";
import { systemClock } from "../environment.ts";
import { packageFolder } from "../package-folder.ts";

const CALLERS = 64;
const PROCESSES = 8;
const WRITE_MS = 3_000;
const ROWS = 1_000_000;
const ROWS_A_BATCH = 2_000;
const RUN_LIMIT_MS = 60_000;
const ROW = { record: "request_proxied", text: "x".repeat(160) };

/** What a row costs: appended by many, by many processes, and read back a million times. */
export async function benchLedger(): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-ledger-"));
  try {
    return [
      await benchAppend(folder),
      await benchProcesses(folder),
      ...(await benchReading(path.join(folder, "million"))),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchAppend(folder: string): Promise<string> {
  const alone = syncEach(path.join(folder, "alone"));
  const store = await openAt(path.join(folder, "callers"));
  const endMs = systemClock.monotonicMs() + WRITE_MS;
  let rows = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (systemClock.monotonicMs() < endMs) {
        // oxlint-disable-next-line no-await-in-loop -- a caller waits for its row
        await store.append("budgets", [ROW]);
        rows += 1;
      }
    }),
  );
  await store.close();
  const ratio = (rows / alone).toFixed(0);
  return `append, ${String(CALLERS)} callers: ${String(perSecond(rows))} rows/s; write + fdatasync each: ${String(perSecond(alone))}/s; ${ratio} x (target: at least 50 x)`;
}

/** Rows that one caller writes who syncs each. */
function syncEach(file: string): number {
  const fd = openSync(file, "a");
  const line = Buffer.from(`${JSON.stringify(ROW)}\n`);
  const endMs = systemClock.monotonicMs() + WRITE_MS;
  let rows = 0;
  while (systemClock.monotonicMs() < endMs) {
    writeSync(fd, line);
    fdatasyncSync(fd);
    rows += 1;
  }
  closeSync(fd);
  return rows;
}

async function benchProcesses(folder: string): Promise<string> {
  const locked = await runWriters(path.join(folder, "shared"), "locked");
  const free = await runWriters(path.join(folder, "free"), "free");
  const ratio = (locked / free).toFixed(2);
  return `append, ${String(PROCESSES)} processes on one ledger: ${String(perSecond(locked))} rows/s; each on its own, no lock shared: ${String(perSecond(free))}/s; ${ratio} x (target: at least 0.9 x)`;
}

async function runWriters(folder: string, mode: "locked" | "free"): Promise<number> {
  const script = path.join(packageFolder(), "runner", "bench", "ledger", "write-rows.ts");
  const counts = await Promise.all(
    Array.from({ length: PROCESSES }, async (_, index) => {
      const own = mode === "locked" ? folder : `${folder}-${String(index)}`;
      return Number(await outputOf([script, own, String(WRITE_MS), String(CALLERS)]));
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function outputOf(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: RUN_LIMIT_MS,
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.join(" ")} ended with ${String(code)}.`));
    });
  });
  return output;
}

async function benchReading(folder: string): Promise<readonly string[]> {
  const script = path.join(packageFolder(), "runner", "bench", "ledger", "read-rows.ts");
  await outputOf([
    path.join(packageFolder(), "runner", "bench", "ledger", "fill-ledger.ts"),
    folder,
    String(ROWS),
    String(ROWS_A_BATCH),
  ]);
  return ["open", "verify", "read", "fold"].map((what) =>
    execFileSync(process.execPath, [script, folder, what], {
      encoding: "utf8",
      timeout: RUN_LIMIT_MS,
    }).trim(),
  );
}

async function openAt(folder: string): Promise<LedgerStore> {
  return await openJsonlStore({
    folder,
    clock: systemClock,
    agentId: "bench",
    toolVersion: "0.0.0",
  });
}

function perSecond(rows: number): number {
  return Math.round((rows * 1_000) / WRITE_MS);
}
