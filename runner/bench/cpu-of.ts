import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;
const MS_PER_SECOND = 1000;
/** Fields of /proc/self/stat after the name in brackets: CPU of children that have ended, in ticks. */
const CHILD_USER_FIELD = 13;
const CHILD_SYSTEM_FIELD = 14;

/** CPU milliseconds of one run of a Node program, user and system, the mean of `runs` runs. */
export function cpuOfNode(args: readonly string[], runs: number): number {
  const before = childCpuMs();
  for (let run = 0; run < runs; run += 1) {
    const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
    if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${String(status)}.`);
  }
  return (childCpuMs() - before) / runs;
}

/** CPU of all processes that this one has waited for, and of those that they waited for. */
export function childCpuMs(): number {
  const text = readFileSync("/proc/self/stat", "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[CHILD_USER_FIELD]) + Number(fields[CHILD_SYSTEM_FIELD]);
  return (ticks / TICKS_PER_SECOND) * MS_PER_SECOND;
}
