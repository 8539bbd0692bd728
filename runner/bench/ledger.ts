import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { packageFolder } from "../package-folder.ts";
import { builtScript } from "./built-script.ts";
import { benchAppending } from "./ledger/appending.ts";
import { BENCH_EXPERIMENT } from "./ledger/window-rows.ts";

const ROWS = 1_000_000;
const RUN_LIMIT_MS = 60_000;

/** What a row costs: appended by many, by many processes, and read back a million times. */
export async function benchLedger(): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-ledger-"));
  try {
    return [
      ...(await benchAppending(folder)),
      ...(await benchReading(path.join(folder, "million"))),
    ];
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
  const ledger = path.join(folder, "ledger");
  mkdirSync(folder);
  await outputOf([path.join(scripts, "fill-ledger.ts"), ledger, String(ROWS)]);
  const script = builtScript(path.join(scripts, "read-rows.ts"), folder);
  return ["open", "verify", "read", "fold"].map((what) =>
    execFileSync(process.execPath, [script, ledger, what, BENCH_EXPERIMENT], {
      encoding: "utf8",
      timeout: RUN_LIMIT_MS,
    }).trim(),
  );
}
