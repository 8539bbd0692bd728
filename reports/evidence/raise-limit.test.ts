import { expect, test } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  assigned,
  budgetRefused,
  type Cell,
  finalized,
  interrupted,
  opened,
  registered,
  registration,
  sessionClosed,
  sessionOpened,
} from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "./evidence.ts";
import { raiseLimit } from "./raise-limit.ts";
import { viewOf } from "./test-support/sample-experiment.ts";

const TASKS = [
  { id: "small", title: "", stratum: "small", digest: "", tokens_max: 1000 },
  { id: "large", title: "", stratum: "small", digest: "", tokens_max: 4000 },
];
const ASSIGNMENTS = ["small", "large"].map((feature_id, index) => ({
  feature_id,
  replicate: 1,
  providers: ["base", "cand"],
  windows: [`W0-0${2 * index + 1}`, `W0-0${2 * index + 2}`],
}));
const PLANNED: readonly Filed[] = [
  ["assignments", assigned("small", ["base", "cand"])],
  ["assignments", assigned("large", ["base", "cand"])],
  [
    "experiments",
    registered({ registration: registration({ tasks: TASKS, assignments: ASSIGNMENTS }) }),
  ],
  ["experiments", sessionOpened()],
];
const FIRST: Cell = { window: "W0-01", provider: "base", feature_id: "small", period: 1 };
const CLOSED: Filed = ["experiments", sessionClosed({ reason: "budget" })];
const OVERALL = { budget: "overall", scope: "overall", used: 500, limit: 600 };

function refused(changes: object): Filed {
  return ["budgets", budgetRefused(FIRST, { ...OVERALL, ...changes })];
}

async function raisedBy(...rows: readonly Filed[]) {
  return raiseLimit(gatherEvidence(await viewOf([...PLANNED, ...rows])));
}

const AFTER_FIRST: readonly Filed[] = [
  ["windows", opened(FIRST)],
  ["windows", finalized(FIRST, 500)],
];

test.each<readonly [string, readonly Filed[], object]>([
  // (1000 + 1000 + 4000 + 4000) × 1.25 + 500
  ["windows of other tasks by their own caps", [refused({ requested: 2000 })], { limit: 13_000 }],
  [
    "only the windows that are open",
    [
      ...AFTER_FIRST,
      ["budgets", budgetRefused({ ...FIRST, window: "W0-02" }, { ...OVERALL, requested: 1000 })],
    ],
    { limit: 12_000 },
  ],
  [
    "a window whose request was refused by its cap",
    [["windows", opened(FIRST)], ["windows", interrupted(FIRST, 500)], refused({ requested: 200 })],
    { limit: 13_000 },
  ],
  [
    "dollars by what was asked for",
    [refused({ unit: "usd", used: 0.5, limit: 1, requested: 3 })],
    { unit: "usd", limit: 8 },
  ],
  [
    "a window without a bound by those before",
    [...AFTER_FIRST, refused({ unit: "usd", used: 2, limit: 2, requested: 1e-9 })],
    { unit: "usd", limit: 17 },
  ],
  [
    "a period by its dearest window",
    [refused({ budget: "period", scope: "period", used: 0, requested: 1000 })],
    { scope: "period", limit: 4000 },
  ],
])("a limit is raised for %s", async (_case, rows, expected) => {
  expect(await raisedBy(...rows, CLOSED)).toEqual({
    scope: "overall",
    name: null,
    unit: "tokens",
    ...expected,
  });
});

test("a command's limit is raised that left a window without a request, to its task's own bound", async () => {
  const unspent: readonly Filed[] = [
    ["windows", opened(FIRST)],
    ["budgets", budgetRefused(FIRST, { used: 0, limit: 100, requested: 1100 })],
    ["windows", finalized(FIRST, 0, { outcome: "no_spend" })],
    ["experiments", sessionClosed()],
  ];
  const limit = { scope: "command", name: "/implement", unit: "tokens", limit: 4000 };
  expect(await raisedBy(...unspent)).toEqual(limit);
});

test.each<readonly [string, readonly Filed[]]>([
  ["the session is at work", [refused({ requested: 2000 })]],
  ["it ended for another reason", [refused({ requested: 2000 }), ["experiments", sessionClosed()]]],
  [
    "another session is at work",
    [
      refused({ requested: 2000 }),
      CLOSED,
      ["experiments", sessionOpened({ session_id: "session-2", resumed: true })],
    ],
  ],
  ["only a command's budget refused", [["budgets", budgetRefused(FIRST)], CLOSED]],
])("no limit is raised if %s", async (_case, rows) => {
  expect(await raisedBy(...rows)).toBeNull();
});
