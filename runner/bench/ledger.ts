import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { packageFolder } from "../platform/environment/package-folder.ts";
import { benchSize } from "./bench-size.ts";
import { builtScript } from "./built-script.ts";
import { benchAppending } from "./ledger/appending.ts";
import { BENCH_EXPERIMENT } from "./ledger/window-rows.ts";

/** A million rows, and 500 MB: our rows have 846 bytes each. Only the 500 MB are folded. */
const READINGS = [
  {
    rows: benchSize({ full: 1_000_000, short: 2000 }),
    kinds: ["open", "verify", "read", "query", "parquet"],
  },
  { rows: benchSize({ full: 591_000, short: 1000 }), kinds: ["open", "verify", "read", "fold"] },
] as const;
const RUN_LIMIT_MS = 300_000;

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
  for (const { rows, kinds } of READINGS) {
    const ledger = path.join(folder, String(rows));
    await outputOf([path.join(scripts, "fill-ledger.ts"), ledger, String(rows)]);
    for (const what of kinds) {
      const args = [script, ledger, what, BENCH_EXPERIMENT];
      const options = { encoding: "utf8", timeout: RUN_LIMIT_MS } as const;
      figures.push(`${String(rows)} rows: ${execFileSync(process.execPath, args, options).trim()}`);
    }
    rmSync(ledger, { recursive: true });
  }
  return figures;
}
