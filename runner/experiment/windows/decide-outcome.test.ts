import { expect, test } from "vitest";

import type { AgentEnd } from "../../platform/processes/run-agent-process.ts";
import {
  type AttemptFacts,
  decideGraded,
  decideUngraded,
  describeKeyRefusal,
} from "./decide-outcome.ts";

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
  lastError: null,
  faultsInRow: 0,
  isCreditSpent: false,
  unknownModel: null,
  answered: 3,
  end: END,
  isReportedFailed: false,
  lastLine: "",
};

const GAVE_UP = { end: { ...END, exitCode: 1 } };

const UNKNOWN = {
  model: "haiku",
  status: 404,
  error: "not_found_error",
  isNamed: true,
  sinceMs: 0,
};
const NOT_RUN = { lastStatus: null, answered: 0 };
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
  ["a model that the vendor does not know", { unknownModel: UNKNOWN }, "infrastructure"],
  [
    "an agent that could not be run",
    { ...NOT_RUN, end: { ...END, exitCode: 127 } },
    "infrastructure",
  ],
  [
    "an agent that may not be run",
    { ...NOT_RUN, end: { ...END, exitCode: 126 } },
    "infrastructure",
  ],
  ["an agent that asked no model", NOT_RUN, "no_spend"],
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
  [
    "an overload within an answer",
    { ...GAVE_UP, lastError: "overloaded_error" },
    "a broken answer (overloaded_error)",
  ],
  [
    "a connection that broke, and exit code 0",
    { isReportedFailed: true, lastError: "UND_ERR_SOCKET" },
    "a broken answer (UND_ERR_SOCKET)",
  ],
  [
    "a signal of its own after it",
    { end: { ...END, exitCode: null, exitSignal: "SIGABRT" }, lastError: "answer_incomplete" },
    "a broken answer (answer_incomplete)",
  ],
  [
    "an overloaded server",
    { ...GAVE_UP, lastStatus: 529, lastError: "overloaded_error" },
    "status 529 (overloaded_error)",
  ],
  [
    "a lost network",
    { ...GAVE_UP, lastStatus: 0, lastError: "ECONNREFUSED" },
    "a network error (ECONNREFUSED)",
    " Nothing listens at the upstream's address: check its base_url, and start its server.",
  ],
])("an agent that gives up is its provider's fault: %s", (...[, facts, after, mend = ""]) => {
  const reason = `The agent gave up after ${after}.${mend}`;
  const verdict = { outcome: "infrastructure", reason };
  expect(decideUngraded({ ...ORDINARY, ...facts })).toEqual(verdict);
});

const BROKEN = { lastError: "overloaded_error" };
const AT_LIMIT = { end: { ...END, endedBy: "wall_limit" as const } };
const PATIENT = { ...AT_LIMIT, lastStatus: 500, lastError: "api_error", faultsInRow: 3 };

test.each([
  ["500s", PATIENT, "status 500 (api_error)"],
  [
    "answers that broke",
    { ...PATIENT, lastStatus: 200, lastError: "UND_ERR_SOCKET" },
    "a broken answer (UND_ERR_SOCKET)",
  ],
  [
    "500s, for which it waits long",
    { ...PATIENT, end: { ...END, endedBy: "idle_limit" as const } },
    "status 500 (api_error)",
  ],
])(
  "what an agent did is not judged if until its limit it got nothing but failures: %s",
  (...[, facts, last]) => {
    const reason = `The last 3 requests failed before the agent was stopped at a limit of time. The last one ended with ${last}.`;
    const verdict = { outcome: "infrastructure", reason };
    expect(decideUngraded({ ...ORDINARY, ...facts })).toEqual(verdict);
  },
);

test.each([
  ["a broken answer, and a good end", BROKEN],
  ["a broken answer after a spent budget", { ...GAVE_UP, ...BROKEN, refusal: COMMAND }],
  ["two broken answers at a time limit", { ...AT_LIMIT, ...BROKEN, faultsInRow: 2 }],
  ["broken answers after a spent budget, at a time limit", { ...PATIENT, refusal: COMMAND }],
  [
    "broken answers before a flood of output",
    { ...PATIENT, end: { ...END, endedBy: "output_limit" as const } },
  ],
  ["a request that is too large", { ...GAVE_UP, lastError: "request_too_large" }],
  ["an argument that Gemini calls bad", { ...GAVE_UP, lastError: "INVALID_ARGUMENT" }],
  ["a prompt that is too long", { ...GAVE_UP, lastError: "context_length_exceeded" }],
  [
    "a request that the vendor calls bad",
    { ...GAVE_UP, lastStatus: 400, lastError: "invalid_request_error" },
  ],
  ["an ordinary end", {}],
  ["a spent command budget", { refusal: COMMAND }],
  ["a time limit", AT_LIMIT],
  ["a bad request of the agent's own", { lastStatus: 400 }],
  ["an unknown model behind an answer", { lastStatus: 404 }],
  ["a refused credential behind an answer", { lastStatus: 403 }],
  ["an outage behind an answer", { lastStatus: 0 }],
])("%s is graded", (_, facts) => {
  expect(decideUngraded({ ...ORDINARY, ...facts })).toBeNull();
});

test("what a person has to mend is said with the model's name, or the agent's last line", () => {
  const unknown = describeKeyRefusal({ ...ORDINARY, unknownModel: UNKNOWN });
  expect(unknown.keyRefusal).toBe(
    'The provider does not know the model "haiku" (status 404, not_found_error). Correct its name, or the upstream that it is asked at.',
  );
  const lastLine = "env: 'node': No such file or directory";
  const end = { ...END, exitCode: 127 };
  expect(describeKeyRefusal({ ...ORDINARY, ...NOT_RUN, end, lastLine }).keyRefusal).toBe(
    `The agent could not be run: it exited with 127 before its first request. Its last line: "${lastLine}".`,
  );
  expect(describeKeyRefusal({ ...ORDINARY, end })).toEqual({});
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
