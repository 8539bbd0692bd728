import { expect, it } from "vitest";

import type { StartDecision } from "../spending/session-budget-gate.ts";
import type { AttemptResult, WindowWorker } from "../windows/window-worker.ts";
import { openSessionLab } from "./test-support/session-lab.ts";

const PASSED: AttemptResult = {
  outcome: "pass",
  reason: null,
  usage: { input_uncached: 100, requests: 1 },
  requests: { total: 1, errors: 0, refused: 0 },
  commitStart: "0".repeat(40),
  commitEnd: "1".repeat(40),
  churn: null,
  quality: 1,
  scenarios: [{ name: "works", suite: "visible", status: "passed" }],
  isolation: null,
  agentIsolation: null,
  timings: null,
  exitCode: 0,
  reportedUsage: null,
  anomalies: [],
  versions: {},
};
const FAILED: AttemptResult = { ...PASSED, outcome: "infrastructure", reason: "The disk is full." };
const PAIR = ["one", "two"];
const WASHOUT_MS = 60_000;

/** A worker whose attempts end so; those beyond the list pass. */
function workerOf(...results: readonly (Partial<AttemptResult> | null)[]) {
  const worked: string[] = [];
  const worker: WindowWorker<AttemptResult | null> = {
    methodology: "test",
    workspaceRoot: null,
    work: async ({ planned, attempt }) => {
      const result = results[worked.length];
      worked.push(`${planned.window}.${String(attempt)}`);
      return result === null ? null : { ...PASSED, ...result };
    },
  };
  return { worker, worked };
}

/** Notes in one list what the session does: its waits and its attempts. */
function noteAll({ worker, worked }: ReturnType<typeof workerOf>) {
  const wait = async (ms: number) => void worked.push(`wait ${String(ms)}`);
  return { worker, wait, story: worked };
}

it("waits for the washout between the windows of a set, not before the first", async () => {
  const { worker, wait, story } = noteAll(workerOf());
  const end = await openSessionLab(PAIR).run(worker, { washoutMs: WASHOUT_MS, wait });
  expect(end).toEqual({ reason: "complete" });
  expect(story).toEqual(["W0-01.1", `wait ${String(WASHOUT_MS)}`, "W0-02.1"]);
});

it("waits for no washout of 0 seconds", async () => {
  const { worker, wait, story } = noteAll(workerOf());
  await openSessionLab(PAIR).run(worker, { wait });
  expect(story).toEqual(["W0-01.1", "W0-02.1"]);
});

it("waits for the washout of a window that an earlier session left", async () => {
  const lab = openSessionLab(PAIR);
  const first = workerOf({}, { outcome: "interrupted" });
  expect(await lab.run(first.worker, { washoutMs: WASHOUT_MS })).toEqual({ reason: "interrupted" });
  const { worker, wait, story } = noteAll(workerOf());
  await lab.run(worker, { washoutMs: WASHOUT_MS, wait });
  expect(story).toEqual([`wait ${String(WASHOUT_MS)}`, "W0-02.2"]);
});

it("tries a window again after a delay, and says why", async () => {
  const lab = openSessionLab(PAIR);
  const { worker, wait, story } = noteAll(workerOf(FAILED));
  await lab.run(worker, { retryDelayMs: 5, wait });
  expect(story).toEqual(["W0-01.1", "wait 5", "W0-01.2", "W0-02.1"]);
  expect(lab.noted).toEqual(["W0-01: The disk is full. The window is retried."]);
  expect(lab.final("W0-01")).toMatchObject({ outcome: "pass", attempt: 2 });
});

it("says the outcome of a window that is retried without a reason", async () => {
  const lab = openSessionLab();
  await lab.run(workerOf({ ...FAILED, reason: null }).worker);
  expect(lab.noted).toEqual(["W0-01: infrastructure The window is retried."]);
});

it("stops between attempts if it is interrupted", async () => {
  const lab = openSessionLab(PAIR);
  const { worker, worked } = workerOf(FAILED);
  const stop = new AbortController();
  const wait = async () => stop.abort();
  expect(await lab.run(worker, { wait, signal: stop.signal })).toEqual({ reason: "interrupted" });
  expect(worked).toEqual(["W0-01.1"]);
});

it("begins nothing if it is interrupted during the washout", async () => {
  const { worker, worked } = workerOf();
  const stop = new AbortController();
  const changes = { washoutMs: 1, wait: async () => stop.abort(), signal: stop.signal };
  expect(await openSessionLab(PAIR).run(worker, changes)).toEqual({ reason: "interrupted" });
  expect(worked).toEqual(["W0-01.1"]);
});

it("begins nothing if it is interrupted before", async () => {
  const { worker, worked } = workerOf();
  const signal = AbortSignal.abort();
  expect(await openSessionLab().run(worker, { signal })).toMatchObject({
    reason: expect.any(String),
  });
  expect(worked).toEqual([]);
});

it.each([
  { spentBudget: "overall", end: { reason: "budget", sentence: "It is spent." }, worked: 1 },
  { spentBudget: "period", end: { reason: "complete" }, worked: 3 },
] as const)("after an attempt that spent the budget of $spentBudget", async (given) => {
  const spent = { outcome: "session_budget", reason: "It is spent." } as const;
  const { worker, worked } = workerOf({ ...spent, spentBudget: given.spentBudget });
  expect(await openSessionLab(PAIR).run(worker)).toEqual(given.end);
  expect(worked).toHaveLength(given.worked);
});

/** Budgets that decide so, one after the other, and then let everything start. */
function budgetsThat(...decisions: readonly Partial<StartDecision>[]) {
  const story: string[] = [];
  const refusal = { waitsFor: null, sentence: "No room.", mayFitLater: false, mayStart: false };
  return {
    story,
    check: (windows: readonly { readonly window: string }[]): StartDecision => {
      const decision = decisions[story.filter((one) => one.startsWith("asked")).length];
      story.push(`asked for ${windows.map(({ window }) => window).join(" ")}`);
      const record = () => void story.push("recorded");
      if (decision === undefined) return { mayStart: true };
      return { ...refusal, record, ...decision, mayStart: false };
    },
    giveUp: (windows: readonly { readonly window: string }[]) => {
      story.push(`gave up ${windows.map(({ window }) => window).join(" ")}`);
    },
  };
}

it("asks the budget for what remains of a set, and gives up what it leaves", async () => {
  const budgets = budgetsThat();
  await openSessionLab(PAIR).run(workerOf().worker, { budgets });
  expect(budgets.story).toEqual([
    "asked for W0-01 W0-02",
    "asked for W0-02",
    "gave up W0-01 W0-02",
  ]);
});

it("asks the budget again before each further attempt", async () => {
  const budgets = budgetsThat();
  await openSessionLab().run(workerOf(FAILED).worker, { budgets });
  expect(budgets.story).toEqual(["asked for W0-01", "asked for W0-01", "gave up W0-01"]);
});

it("ends and records it if a set never fits the budget", async () => {
  const budgets = budgetsThat({});
  const { worker, worked } = workerOf();
  const end = await openSessionLab(PAIR).run(worker, { budgets });
  expect(end).toEqual({ reason: "budget", sentence: "No room." });
  expect(budgets.story).toEqual(["asked for W0-01 W0-02", "recorded", "gave up W0-01 W0-02"]);
  expect(worked).toEqual([]);
});

it.each([1, 2])(
  "waits %d times for a budget that others may leave, and says once for what",
  async (times) => {
    const lab = openSessionLab();
    const later = { mayFitLater: true };
    const period = { ...later, waitsFor: "It waits for the period." };
    const { worker, wait, story } = noteAll(workerOf());
    const waiting = Array.from({ length: times }, () => period);
    await lab.run(worker, { budgets: budgetsThat(later, ...waiting), wait });
    expect(story).toEqual(["wait 200", ...waiting.map(() => "wait 200"), "W0-01.1"]);
    expect(lab.noted).toEqual(["It waits for the period."]);
  },
);

it("stops waiting for a budget if it is interrupted", async () => {
  const stop = new AbortController();
  const wait = async () => stop.abort();
  const later = { mayFitLater: true };
  const changes = { budgets: budgetsThat(later, later), wait, signal: stop.signal };
  expect(await openSessionLab().run(workerOf().worker, changes)).toEqual({ reason: "interrupted" });
});

it("works no window that its rules leave out, and applies them after each other one", async () => {
  const { worker, worked } = workerOf();
  const applied: string[] = [];
  const rules = {
    mayWork: ({ provider }: { readonly provider: string }) => provider !== "two",
    afterWindow: async () => void applied.push("after a window"),
    checkLooks: async () => void applied.push("at the end"),
    whyHalted: () => "two is halted.",
  };
  const end = await openSessionLab(["one", "two", "three"]).run(worker, { rules });
  expect(end).toEqual({ reason: "halted", sentence: "two is halted." });
  expect(worked).toEqual(["W0-01.1", "W0-03.1"]);
  expect(applied).toEqual(["after a window", "after a window", "at the end"]);
});

it("takes a place of the provider for each window, and gives it back", async () => {
  const places: string[] = [];
  const take = async (provider: string) => {
    places.push(`took ${provider}`);
    return () => void places.push(`left ${provider}`);
  };
  await openSessionLab(PAIR).run(workerOf(FAILED).worker, { slots: { take } });
  expect(places).toEqual(["took one", "left one", "took two", "left two"]);
});

it("fails, and works nothing else, if the work can't be recorded", async () => {
  const lab = openSessionLab(PAIR);
  const worker = { ...workerOf().worker, work: () => Promise.reject(new Error("broken")) };
  await expect(lab.run(worker)).rejects.toThrow("broken");
  expect(lab.final("W0-01")).toBeUndefined();
});

it("puts a set back whose attempt did not begin", async () => {
  const { worker, worked } = workerOf(null);
  expect(await openSessionLab(PAIR).run(worker)).toEqual({ reason: "complete" });
  expect(worked).toEqual(["W0-01.1", "W0-01.2", "W0-02.1"]);
});

it("ends by its budget although an arm is halted too", async () => {
  const rules = {
    mayWork: () => true,
    afterWindow: async () => {},
    checkLooks: async () => {},
    whyHalted: () => "two is halted.",
  };
  const changes = { rules, budgets: budgetsThat({}) };
  const end = await openSessionLab().run(workerOf().worker, changes);
  expect(end).toEqual({ reason: "budget", sentence: "No room." });
});
