import { globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { execaSync } from "execa";

import { systemClock } from "../platform/environment/environment.ts";
import { packageFolder } from "../platform/environment/package-folder.ts";
import { isShort } from "./bench-size.ts";

const MS_PER_SECOND = 1000;
const MB = 1_000_000;

/**
 * From `git clone` to the report of the rehearsal; the last commit is cloned. The npm cache is empty at first, or
 * the user's own in a short run, which downloads only what that one lacks.
 */
export function benchFirstReport(): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
  const clone = path.join(folder, "clone");
  const cache = path.join(folder, "npm-cache");
  const npm = isShort() ? { npm_config_prefer_offline: "true" } : { npm_config_cache: cache };
  const run = (cwd: string, program: string, ...args: readonly string[]): number => {
    const startedMs = systemClock.monotonicMs();
    execaSync(program, args, { cwd, env: npm, stdio: "ignore" });
    return (systemClock.monotonicMs() - startedMs) / MS_PER_SECOND;
  };
  try {
    const cloned = run(folder, "git", "clone", packageFolder(), clone);
    const installed = run(clone, "npm", "ci");
    const downloaded = isShort() ? null : sizeOf(cache);
    const ran = run(clone, "npx", "experiment", "run", "--seed", "42");
    const [report] = globSync(".experiment/reports/*/report.html", { cwd: clone });
    if (report === undefined) throw new Error("The run wrote no report.");
    const total = (cloned + installed + ran).toFixed(0);
    return [
      `clone ${cloned.toFixed(1)} s, npm ci ${installed.toFixed(1)} s, run ${ran.toFixed(1)} s: ${total} s in all (target: at most 120 s); the report is written`,
      ...(downloaded === null
        ? []
        : [`npm ci downloads ${(downloaded / MB).toFixed(0)} MB (target: at most 200 MB)`]),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sizeOf(folder: string): number {
  return globSync("**/*", { cwd: folder })
    .map((name) => statSync(path.join(folder, name)))
    .reduce((total, file) => total + (file.isFile() ? file.size : 0), 0);
}
