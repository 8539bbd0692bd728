import { describe, expect, it } from "vitest";

import type { AttemptResult, LateGrade, WindowWorker } from "../windows/window-worker.ts";
import { openSessionLab } from "./test-support/session-lab.ts";

const USAGE = { input_uncached: 100, requests: 1 };
const WORK = { file: "captures/x.bundle", sha256: "x", commit: "1".repeat(40) };
const GRADER_ERROR = { outcome: "grader_error", reason: "The machine was asleep." } as const;
const NO_GRADE = { quality: null, scenarios: [], isolation: null } as const;

const UNGRADED: AttemptResult = {
  ...GRADER_ERROR,
  ...NO_GRADE,
  usage: USAGE,
  requests: { total: 1, errors: 0, refused: 0 },
  commitStart: "0".repeat(40),
  commitEnd: "1".repeat(40),
  churn: null,
  agentIsolation: null,
  timings: { agent_ms: 10, grading_ms: 0 },
  exitCode: 1,
  reportedUsage: null,
  sealedWork: WORK,
  agentEnd: { outcome: "crashed", reason: "the agent exited with 1" },
  anomalies: [],
  versions: { agent: "1" },
};

const NOT_YET: LateGrade = {
  ...GRADER_ERROR,
  ...NO_GRADE,
  gradingMs: 0,
  anomalies: [{ kind: "grader-starved", observed: {}, action: "None." }],
  versions: {},
};

const GRADED: LateGrade = {
  outcome: "crashed",
  reason: "the agent exited with 1",
  quality: 0.5,
  scenarios: [{ name: "works", suite: "visible", status: "passed" }],
  isolation: "permissions",
  gradingMs: 7,
  anomalies: [],
  versions: { cucumber: "12" },
};

/** A worker whose agent ran, and whose grader then says one thing after the other. */
function workerOf(grades: readonly LateGrade[]) {
  const worked: string[] = [];
  const asked: unknown[] = [];
  const worker: WindowWorker = {
    methodology: "test",
    workspaceRoot: null,
    work: async ({ planned }) => {
      worked.push(planned.window);
      return UNGRADED;
    },
    grade: async (kept) => {
      asked.push(kept);
      const next = grades[asked.length - 1];
      if (next === undefined) throw new Error("It was graded too often.");
      return next;
    },
  };
  return { worker, worked, asked };
}

describe("an attempt whose grader failed", () => {
  it("is graded again without its agent, and stays the same attempt", async () => {
    const lab = openSessionLab();
    const { worker, worked, asked } = workerOf([NOT_YET, GRADED]);
    expect(await lab.run(worker)).toEqual({ reason: "complete" });
    expect(worked).toEqual(["W0-01"]);
    const { agentEnd } = UNGRADED;
    expect(asked[0]).toMatchObject({ work: WORK, agentEnd });
    expect(lab.final()).toMatchObject({
      attempt: 1,
      outcome: "crashed",
      quality: 0.5,
      usage: USAGE,
      earlier_attempts: { attempts: 0 },
      gradings: 3,
      versions: { agent: "1", cucumber: "12" },
    });
    expect(lab.spent()).toBe(100);
  });

  it("is missing after three gradings", async () => {
    const lab = openSessionLab();
    const { worker, worked, asked } = workerOf([NOT_YET, NOT_YET]);
    await lab.run(worker);
    expect([worked.length, asked.length]).toEqual([1, 2]);
    expect(lab.final()).toMatchObject({ outcome: "grader_error", gradings: 3 });
    expect(lab.final()?.anomalies.length).toBe(2);
  });

  it("is graded by the next session if the first was interrupted, without a budget", async () => {
    const lab = openSessionLab();
    const interrupted: LateGrade = { ...NOT_YET, outcome: "interrupted" };
    expect(await lab.run(workerOf([interrupted]).worker)).toEqual({ reason: "interrupted" });
    expect(lab.final()).toBeUndefined();
    const { worker, worked } = workerOf([GRADED]);
    expect(await lab.run(worker, { hasBudget: false })).toEqual({ reason: "complete" });
    expect(worked).toEqual([]);
    expect(lab.final()).toMatchObject({ outcome: "crashed", gradings: 2 });
  });

  it("is graded on request although it is missing", async () => {
    const lab = openSessionLab();
    await lab.run(workerOf([NOT_YET, NOT_YET]).worker);
    const { worker, worked } = workerOf([GRADED]);
    await lab.run(worker, { gradeAgain: new Set(["W0-01"]) });
    expect(worked).toEqual([]);
    expect(lab.final()).toMatchObject({ outcome: "crashed", gradings: 4 });
  });
});
