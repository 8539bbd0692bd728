import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { packageFolder } from "../package-folder.ts";
import { builtScript } from "./built-script.ts";
import { benchAppending } from "./ledger/appending.ts";
import { BENCH_EXPERIMENT } from "./ledger/window-rows.ts";

/** A million, and what 500 MB hold of them: the target speaks of both, and our rows have 846 bytes each. */
const ROWS = [1_000_000, 591_000];
const RUN_LIMIT_MS = 60_000;

/** What a row costs: appended by many, by many processes, and read back a million times. */
export async function benchLedger(): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-ledger-"));
  try {
    return [...(await benchAppending(folder)), ...(await benchReading(folder))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
  const scripts = path.join(packageFolder(), "runner", "bench", "ledger");
  const script = builtScript(path.join(scripts, "read-rows.ts"), folder);
  const figures: string[] = [];
  for (const rows of ROWS) {
    const ledger = path.join(folder, String(rows));
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each has the machine for itself
    await outputOf([path.join(scripts, "fill-ledger.ts"), ledger, String(rows)]);
    for (const what of ["open", "verify", "read", "fold"]) {
      const args = [script, ledger, what, BENCH_EXPERIMENT];
      const options = { encoding: "utf8", timeout: RUN_LIMIT_MS } as const;
      figures.push(`${String(rows)} rows: ${execFileSync(process.execPath, args, options).trim()}`);
    }
    rmSync(ledger, { recursive: true });
  }
  return figures;
}
