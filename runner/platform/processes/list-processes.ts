import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";

export interface ListedProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** The values of the variable in this process's environment; normally none or one. */
  readonly values: readonly string[];
  /** Its environment was empty, as it is for a moment while a process starts a program. */
  readonly isUnsettled: boolean;
}

/** `PF_KTHREAD` of the kernel's `sched.h`: a process that has no environment. */
const KERNEL_THREAD = 0x00_20_00_00;
const PS_TIMEOUT_MS = 10_000;
const PS_OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Lists the live processes whose environment may be read, with their values of one environment
 * variable. It reads `/proc` on Linux and asks `ps` elsewhere.
 */
export function listProcesses(variable: string): Promise<readonly ListedProcess[]> {
  return existsSync("/proc/self/environ") ? listFromProc(variable) : listFromPs(variable);
}

async function listFromProc(variable: string): Promise<readonly ListedProcess[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const listed = await Promise.all(names.map((name) => readProcess(name, variable)));
  return listed.filter((entry) => entry !== undefined);
}

async function readProcess(name: string, variable: string): Promise<ListedProcess | undefined> {
  try {
    const stat = await readFile(`/proc/${name}/stat`, "latin1");
    // The program's name is in parentheses and may contain any character, also a parenthesis.
    const [state, parentPid, , , , , flags] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X" || parentPid === undefined) return undefined;
    if ((Number(flags) & KERNEL_THREAD) !== 0) return undefined;
    const environment = await readFile(`/proc/${name}/environ`, "utf8").catch(() => undefined);
    return {
      pid: Number(name),
      parentPid: Number(parentPid),
      values: valuesOf(variable, environment?.split("\0") ?? []),
      isUnsettled: environment === "",
    };
  } catch {
    // The process has ended since the folder was read.
    return undefined;
  }
}

/**
 * Asks `ps`, which prints the environment after the command, separated by blanks. It is exported for its
 * test. macOS hides the environment of programs that the system protects.
 */
export async function listFromPs(variable: string): Promise<readonly ListedProcess[]> {
  // The two families of ps use different letters for the environment.
  const all = process.platform === "darwin" ? "-axEww" : "axeww";
  // Loaded on demand: `experiment proxy` knows the drivers by name and must not load execa for it.
  const { execa } = await import("execa");
  const { stdout } = await execa("ps", [all, "-o", "pid=,ppid=,command="], {
    timeout: PS_TIMEOUT_MS,
    maxBuffer: PS_OUTPUT_BYTES_MAX,
    stdin: "ignore",
  });
  return stdout.split("\n").flatMap((line) => {
    const [pid, parentPid, ...words] = line.trim().split(/\s+/u);
    if (pid === undefined || parentPid === undefined) return [];
    const values = valuesOf(variable, words);
    return [{ pid: Number(pid), parentPid: Number(parentPid), values, isUnsettled: false }];
  });
}

function valuesOf(variable: string, assignments: readonly string[]): readonly string[] {
  const start = `${variable}=`;
  return assignments
    .filter((assignment) => assignment.startsWith(start))
    .map((assignment) => assignment.slice(start.length));
}
