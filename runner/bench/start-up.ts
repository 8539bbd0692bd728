import path from "node:path";

import { packageFolder } from "../platform/environment/package-folder.ts";
import { benchSize } from "./bench-size.ts";
import { cpuOfNode } from "./cpu-of.ts";

const RUNS = benchSize({ full: 20, short: 1 });

/** What `--help` costs above starting Node.js at all. */
export function benchStartUp(): readonly string[] {
  const main = path.join(packageFolder(), "dist", "runner", "cli", "experiment.cjs");
  const empty = cpuOfNode(["-e", "0"], RUNS);
  const help = cpuOfNode([main, "--help"], RUNS);
  return [
    `node -e 0: ${empty.toFixed(0)} ms CPU; experiment --help: ${help.toFixed(0)} ms CPU`,
    `above node -e 0: ${(help - empty).toFixed(0)} ms (target: at most 150 ms), mean of ${String(RUNS)} runs each`,
  ];
}
