import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { GraderStarvedError } from "./grade-result.ts";
import { GOOD, NO_SCENARIOS, ProbeFolder, grade } from "./test-support/probe-folder.ts";

const LIMITS = { startMs: 30_000, loadMs: 8000, callMs: 4000 };
const STOP_MS = 14_000;
const GRADINGS = 20;
/** Gradings at once: one after the other, they would keep the rest of the tests waiting for minutes. */
const AT_ONCE = 10;
const LOAD = 30;

const HAS_PROC = existsSync("/proc/self/schedstat");

test.runIf(HAS_PROC)(
  "a good solution scores 1 although its grader is stopped for 14 s",
  async () => {
    using folder = new ProbeFolder();
    const grading = folder.grade({ solution: GOOD, hostLimits: LIMITS });
    await expect.poll(() => processesNaming(folder.folder).length).toBeGreaterThan(2);
    const stopped = processesNaming(folder.folder);
    for (const pid of stopped) signal(pid, "SIGSTOP");
    await sleep(STOP_MS);
    for (const pid of stopped) signal(pid, "SIGCONT");
    expect((await grading).quality).toBe(1);
  },
);

test.runIf(HAS_PROC)(
  "a host that never runs again is the machine's doing, and says so",
  async () => {
    using folder = new ProbeFolder();
    const stop = setInterval(() => {
      for (const pid of hostsIn(folder.folder)) signal(pid, "SIGSTOP");
    }, 20);
    try {
      const grading = folder.grade({
        solution: "export const add = () => new Promise(() => {});",
        feature: "Feature: A probe\n  Scenario: It adds\n    Then 1 and 2 make 3\n",
        heldOut: NO_SCENARIOS,
        hostLimits: { startMs: 2000, loadMs: 2000, callMs: 2000 },
      });
      await expect(grading).rejects.toBeInstanceOf(GraderStarvedError);
    } finally {
      clearInterval(stop);
      for (const pid of processesNaming(folder.folder)) signal(pid, "SIGKILL");
    }
  },
);

test.runIf(HAS_PROC)(
  "20 gradings of a good solution under a load of 30 score 1",
  async () => {
    const busy = Array.from({ length: LOAD }, () =>
      // It ends with this process, even if that is killed.
      spawn("/bin/sh", ["-c", `while kill -0 ${process.pid}; do :; done`], { stdio: "ignore" }),
    );
    try {
      for (let count = 0; count < GRADINGS; count += AT_ONCE) {
        const asked = Array.from({ length: AT_ONCE }, async () => {
          const { quality, scenarios } = await grade({ solution: GOOD, hostLimits: LIMITS });
          expect({ quality, scenarios }).toMatchObject({ quality: 1 });
        });
        await Promise.all(asked);
      }
    } finally {
      for (const each of busy) each.kill("SIGKILL");
    }
    // Other work on the machine comes on top of the load.
  },
  1_800_000,
);

/** Processes that run the host's own module in the folder of a grading. */
function hostsIn(folder: string): readonly number[] {
  return processesNaming(folder).filter((pid) => commandLine(pid).includes("host-main"));
}

function processesNaming(text: string): readonly number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/u.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(text));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
