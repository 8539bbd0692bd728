import { expect, test } from "vitest";

import type { AgentEnd } from "../../platform/processes/run-agent-process.ts";
import { type AttemptFacts, decideGraded, decideUngraded } from "./decide-outcome.ts";

const END: AgentEnd = {
  endedBy: "itself",
  exitCode: 0,
  exitSignal: null,
  durationMs: 1,
  unkilled: 0,
};

const ORDINARY: AttemptFacts = {
  isInterrupted: false,
  refusal: null,
  lastStatus: 200,
  isCreditSpent: false,
  answered: 3,
  end: END,
};

const OVERALL = { budget: "overall", scope: "overall" } as const;
const COMMAND = { budget: "/implement", scope: "command" } as const;

test.each([
  ["an interruption before all else", { isInterrupted: true, refusal: OVERALL }, "interrupted"],
  [
    "a spent overall budget before the provider's limit",
    { refusal: OVERALL, lastStatus: 429 },
    "session_budget",
  ],
  ["the provider's limit", { lastStatus: 429 }, "provider_limit"],
  ["an account without credit", { lastStatus: 400, isCreditSpent: true }, "provider_limit"],
  ["a network error", { lastStatus: 0, answered: 0 }, "infrastructure"],
  ["a broken server", { lastStatus: 529, answered: 0 }, "infrastructure"],
  ["a refused credential", { lastStatus: 401, answered: 0 }, "infrastructure"],
  ["an answer that broke off", { lastStatus: 200, answered: 0 }, "infrastructure"],
  ["requests that the endpoint called bad", { lastStatus: 400, answered: 0 }, "infrastructure"],
  ["requests that were too large", { lastStatus: 413, answered: 0 }, "infrastructure"],
  [
    "an agent that could not start",
    { lastStatus: null, answered: 0, end: { ...END, exitCode: null, startError: "gone" } },
    "infrastructure",
  ],
  ["an agent that asked no model", { lastStatus: null, answered: 0 }, "no_spend"],
  [
    "a crash before any request",
    { lastStatus: null, answered: 0, end: { ...END, exitCode: 1 } },
    "no_spend",
  ],
  [
    "a command budget that refused the first request",
    { refusal: COMMAND, answered: 0, lastStatus: null },
    "no_spend",
  ],
  [
    "a model without a price, whichever budget of dollars refused it",
    { refusal: { ...COMMAND, unpricedModel: "m" } },
    "session_budget",
  ],
])("%s leaves nothing to grade", (_, facts, outcome) => {
  expect(decideUngraded({ ...ORDINARY, ...facts })?.outcome).toBe(outcome);
});

test.each([
  ["an ordinary end", {}],
  ["a spent command budget", { refusal: COMMAND }],
  ["a time limit", { end: { ...END, endedBy: "wall_limit" as const } }],
  ["a bad request of the agent's own", { lastStatus: 400 }],
  ["an unknown model behind an answer", { lastStatus: 404 }],
  ["a refused credential behind an answer", { lastStatus: 403 }],
  ["an outage behind an answer", { lastStatus: 0 }],
])("%s is graded", (_, facts) => {
  expect(decideUngraded({ ...ORDINARY, ...facts })).toBeNull();
});

test.each([
  [
    "a cap before a time limit",
    { refusal: COMMAND, end: { ...END, endedBy: "wall_limit" as const } },
    1,
    "capped",
  ],
  ["the time limit", { end: { ...END, endedBy: "wall_limit" as const } }, 1, "timed_out"],
  ["idling", { end: { ...END, endedBy: "idle_limit" as const } }, 0, "timed_out"],
  ["a flood of output", { end: { ...END, endedBy: "output_limit" as const } }, 1, "crashed"],
  ["an exit code of its own", { end: { ...END, exitCode: 7 } }, 1, "crashed"],
  ["a signal", { end: { ...END, exitCode: null, exitSignal: "SIGSEGV" } }, 0.5, "crashed"],
  ["all scenarios", {}, 1, "pass"],
  ["some scenarios", {}, 0.99, "partial"],
  ["no scenario", {}, 0, "fail"],
])("%s decides a graded attempt", (...[, facts, quality, outcome]) => {
  expect(decideGraded({ ...ORDINARY, ...facts }, { quality }).outcome).toBe(outcome);
});
