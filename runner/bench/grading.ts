import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { processEnvironment } from "../platform/environment/environment.ts";
import { packageFolder } from "../platform/environment/package-folder.ts";
import { benchSize } from "./bench-size.ts";

const TURNS = benchSize({ full: 10, short: 1 });
const TASK = "lru-cache";

/** Grades the reference solution of a task with the built product in a folder, and prints the milliseconds. */
const GRADE_ONCE = `
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
const [product, bank, task] = process.argv.slice(2);
// The places of today, and those of versions before.
const part = (...names) =>
  import(names.map((name) => product + "/dist/runner/" + name + ".js").find(existsSync));
const { gradeSolution } = await part("tasks/grading/grade", "grading/grade");
const { loadTaskBank } = await part("tasks/bank/load-task-bank", "bank/load-task-bank");
const { processEnvironment } = await part("platform/environment/environment", "environment");
const place = mkdtempSync(tmpdir() + "/counterbalance-bench-");
try {
  mkdirSync(place + "/scratch");
  const [loaded] = loadTaskBank(bank, [task]);
  const grade = await gradeSolution({
    task: loaded,
    workspace: loaded.folder + "/solution",
    scratch: place + "/scratch",
    timeoutMs: 600000,
    environment: processEnvironment(),
  });
  if (grade.quality !== 1) throw new Error("The solution scored " + grade.quality);
  console.log(JSON.stringify([grade.scenarios.length, Math.round(grade.durationMs)]));
} finally {
  rmSync(place, { recursive: true });
}
`;

/**
 * How long the grading of a task takes. If `BENCH_BEFORE` names the folder of an older version that is
 * built, both take turns, with the older one's tasks.
 */
export function benchGrading(): readonly string[] {
  const now = packageFolder();
  const before = processEnvironment().variables["BENCH_BEFORE"];
  const sides = before === undefined ? { now } : { before, now };
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
  const script = path.join(folder, "grade-once.mjs");
  writeFileSync(script, GRADE_ONCE);
  const bank = path.join(before ?? now, "task-bank");
  const times = new Map(Object.keys(sides).map((side) => [side, [] as number[]]));
  let scenarios = 0;
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const [side, product] of Object.entries(sides)) {
        const said = execFileSync(process.execPath, [script, product, bank, TASK]);
        const [count, ms]: readonly [number, number] = JSON.parse(said.toString());
        scenarios = count;
        times.get(side)?.push(ms);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const medians = [...times].map(([side, ms]) => [side, median(ms)] as const);
  const [first, last] = [medians[0]?.[1] ?? 0, medians.at(-1)?.[1] ?? 0];
  return [
    ...medians.map(([side, ms]) => `${TASK}, ${scenarios} scenarios, ${side}: ${ms} ms (median)`),
    ...(before === undefined
      ? []
      : [`now / before: ${(last / first).toFixed(2)} (target: at most 0.75)`]),
  ];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
