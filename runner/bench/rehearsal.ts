import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { WindowFinalized } from "../../ledger/domain/window.ts";
import { systemClock } from "../platform/environment/environment.ts";
import { packageFolder } from "../platform/environment/package-folder.ts";
import { benchSize } from "./bench-size.ts";

const MS_PER_SECOND = 1000;
const RUNS = benchSize({ full: 3, short: 1 });
const Finalized = WindowFinalized.required({ timings: true });

/** The newcomer's first command: how long it takes, and how much of it is the harness. */
export function benchRehearsal(): readonly string[] {
  const runs = Array.from({ length: RUNS }, rehearse).toSorted((a, b) => a.wallMs - b.wallMs);
  return runs.map(({ wallMs, agentMs, gradingMs }) => {
    const share = (wallMs - agentMs - gradingMs) / wallMs;
    return (
      `8 windows in ${(wallMs / MS_PER_SECOND).toFixed(1)} s (target: under 60 s); ` +
      `agents and model ${(agentMs / MS_PER_SECOND).toFixed(1)} s, grader ${(gradingMs / MS_PER_SECOND).toFixed(1)} s, ` +
      `everything else ${(share * 100).toFixed(0)} %`
    );
  });
}

function rehearse() {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
  const main = path.join(packageFolder(), "dist", "runner", "cli", "experiment.cjs");
  const startedMs = systemClock.monotonicMs();
  execFileSync(process.execPath, [main, "run", "--seed", "42"], { cwd: folder, stdio: "ignore" });
  const wallMs = systemClock.monotonicMs() - startedMs;
  const timings = readFileSync(path.join(folder, ".experiment", "ledger", "windows.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line.includes('"record":"window_finalized"'))
    .map((line) => Finalized.parse(JSON.parse(line)).timings);
  rmSync(folder, { recursive: true });
  const sum = (part: "agent_ms" | "grading_ms") =>
    timings.reduce((total, timing) => total + timing[part], 0);
  return { wallMs, agentMs: sum("agent_ms"), gradingMs: sum("grading_ms") };
}
