import { existsSync } from "node:fs";

import { expect, test } from "vitest";

import { GraderStarvedError } from "./grade-result.ts";
import { GradingSession } from "./grading-session.ts";
import { readProcessTree } from "./own-time.ts";
import { SolutionHost } from "./solution-host.ts";
import type { SuiteAnswer } from "./suite/suite-message.ts";

/** A process that never says anything, as a host that a busy machine does not let run. */
function silentHost(): SolutionHost {
  const limits = { startMs: 1000, loadMs: 1000, callMs: 1000 };
  const clock = { monotonicMs: () => 0 };
  return new SolutionHost(["/bin/sleep", "600"], {
    cwd: "/",
    limits,
    clock,
    mayLoad: () => Promise.resolve(),
  });
}

/** Runs one scenario whose host is starved, as the trusted process reports it. */
async function starve(session: GradingSession, replies: SuiteAnswer[]): Promise<void> {
  session.begin({ pid: undefined, reply: (answer) => replies.push(answer), kill: () => undefined });
  session.receive({ kind: "scenario_listed", key: "a:1", name: "It adds", isVisible: true });
  session.receive({ kind: "scenario_started", key: "a:1" });
  const before = replies.length;
  session.receive({ kind: "host_opened", host: 1, id: 1 });
  await expect.poll(() => replies.length).toBe(before + 1);
  session.receive({
    kind: "scenario_finished",
    key: "a:1",
    status: "failed",
    message: "no answer",
  });
  session.receive({ kind: "run_finished", faults: [], cucumberVersion: "1" });
}

test("a scenario whose host was starved has no verdict and is run again, three times", async () => {
  const host = silentHost();
  const loaded = { kind: "broken", reason: "It got 0 s.", cause: "starved" } as const;
  const pool = {
    wanted: 0,
    open: async () => await Promise.resolve({ host, loaded }),
    close: async () => await Promise.resolve(),
  };
  const session = new GradingSession(pool, undefined);
  const replies: SuiteAnswer[] = [];
  try {
    for (const isLast of [false, false, true]) {
      await starve(session, replies);
      expect(session.remaining).toEqual(["a:1"]);
      expect(session.isRetrying).toBe(true);
      expect(session.error instanceof GraderStarvedError).toBe(isLast);
    }
    expect(session.error?.message).toBe(
      'The scenario "It adds" could not be judged in 3 tries. It got 0 s.',
    );
  } finally {
    await host.stop();
  }
});

test.runIf(existsSync("/proc/self/schedstat"))(
  "a host that does not run is starved, and one that does not answer has hung",
  async () => {
    let nowMs = 0;
    const limits = { startMs: 1000, loadMs: 1000, callMs: 1000 };
    const clock = { monotonicMs: () => nowMs };
    const start = () =>
      new SolutionHost(["/bin/sleep", "600"], {
        cwd: "/",
        limits,
        clock,
        mayLoad: () => Promise.resolve(),
      });
    const [stopped, silent] = [start(), start()];
    try {
      process.kill(stopped.pid ?? 0, "SIGSTOP");
      await expect.poll(() => readProcessTree(stopped.pid)?.isHeld).toBe(true);
      for (; nowMs < 12_000; nowMs += 100) {
        stopped.sample();
        silent.sample();
        // What was given up is settled after input was read.
        await new Promise(setImmediate);
      }
      expect(await silent.loaded).toMatchObject({ cause: "hung" });
      expect(await stopped.loaded).toMatchObject({
        cause: "starved",
        reason: expect.stringMatching(
          /^The machine gave the solution's process 0\.\d s in 10\.\d s\.$/u,
        ),
      });
    } finally {
      await Promise.all([stopped.stop(), silent.stop()]);
    }
  },
);
