import { expect, test } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import { openPriceBook } from "../prices/price-book.ts";
import { BudgetAdmission } from "./budget-admission.ts";
import { BudgetBook } from "./budget-book.ts";
import type { BudgetLimits } from "./budget-limits.ts";
import { keyOf, limitsWith, StillClock } from "./test-support/budget-lab.ts";

const KEY = keyOf();
const REQUEST = {
  route: {
    sessionId: "s",
    experimentId: KEY.experiment_id,
    window: KEY.window,
    attempt: KEY.attempt,
    provider: KEY.provider,
    upstream: { name: "scripted", baseUrl: "http://127.0.0.1:9", auth: { mode: "inherit" } },
  },
  traceId: "t",
  model: "m",
  bodyBytes: 4000,
  outputMax: 100,
  subagentId: null,
  streaming: true,
} as const;
/** A dollar is a million tokens of plain input. */
const MODELS = {
  m: { input: 1, output: 10, cache_read: 0.1 },
  dear: { input: 100, output: 100 },
  "gateway/m": { input: 2, output: 2 },
};

function makeAdmission(limits: Partial<BudgetLimits>, dollars: number | null = null) {
  const rows: BudgetEvent[] = [];
  const said: string[] = [];
  const more =
    dollars === null
      ? []
      : [{ scope: "command", name: "/implement", unit: "usd", limit: dollars } as const];
  const { limits: _none, ...rest } = limits;
  const book = new BudgetBook({
    limits: limitsWith({ ...rest, more }),
    clock: new StillClock(),
    onEvent: (row) => rows.push(row),
  });
  book.openAttempt({ key: KEY, command: "/implement", windowCap: null });
  const pricing = openPriceBook({
    own: { name: "own", models: MODELS },
    shipped: { name: "none", as_of: "2026-01-01", models: {} },
  });
  const say = (sentence: string): void => void said.push(sentence);
  const admission = new BudgetAdmission(book, { pricing, say });
  const answer = (request: object, usage: Usage | null, model: string | null = null) => {
    const decision = admission.admit({ ...REQUEST, ...request });
    if (!decision.admitted) return "budget" in decision ? decision.budget : "waits";
    admission.settle(decision.reservation, {
      usage,
      ending: "complete",
      outputEstimate: null,
      model,
    });
    return "admitted";
  };
  return { admission, rows, said, answer };
}

function reservedUsd(rows: readonly BudgetEvent[]): readonly (number | undefined)[] {
  return rows.flatMap((row) => (row.record === "budget_reserved" ? [row.usd] : []));
}

function debited(rows: readonly BudgetEvent[]) {
  return rows.flatMap((row) => (row.record === "budget_debited" ? [row] : []));
}

test("a first request is reserved as plain input, a later one by the last prompt, each with its output", () => {
  const { rows, answer } = makeAdmission({}, 1);
  answer({}, { input_uncached: 1000, cache_read: 10_000, output: 100, requests: 1 });
  answer({}, { input_uncached: 1000, output: 100, requests: 1 });
  expect(reservedUsd(rows)).toEqual([0.001 + 0.001, 0.001 + 0.001 + 0.001]);
  expect(debited(rows)[0]).toMatchObject({ total_usd: 0.003, overshoot_usd: 0.001, model: "m" });
});

test("where a class has no price all of the prompt is reserved as plain input", () => {
  const { rows, answer } = makeAdmission({}, 9);
  const usage = { input_uncached: 1000, cache_read: 9000, output: 100, requests: 1 };
  answer({ model: "dear" }, usage);
  answer({ model: "dear" }, usage);
  expect(reservedUsd(rows)).toEqual([0.11, 1.01]);
  // Its cost is unknown: the estimate counts.
  expect(debited(rows)[0]).toMatchObject({ total_usd: 0.11, is_usd_estimated: true });
});

test("a route's model is the one that has the price", () => {
  const { rows, answer } = makeAdmission({}, 9);
  answer({ servedModel: "dear" }, { input_uncached: 1000, output: 0, requests: 1 }, "dear-2026");
  expect(reservedUsd(rows)).toEqual([0.11]);
  expect(debited(rows)[0]).toMatchObject({ total_usd: 0.1, model: "dear" });
});

test("a price at an upstream holds for its requests alone", () => {
  const { rows, answer } = makeAdmission({}, 9);
  const usage = { input_uncached: 1000, output: 0, requests: 1 };
  answer({ upstream: "gateway" }, usage, "m");
  answer({ upstream: "vendor" }, usage, "m");
  expect(debited(rows).map(({ total_usd: dollars }) => dollars)).toEqual([0.002, 0.001]);
});

test("a model without a price is refused where dollars are limited, in the words for agents", () => {
  const { admission, rows } = makeAdmission({}, 9);
  expect(admission.admit({ ...REQUEST, model: "unheard-of" })).toEqual({
    admitted: false,
    budget: "/implement",
    sentence: "No price for unheard-of. This run is over.",
  });
  expect(rows.at(-1)).toMatchObject({ unit: "usd", unpriced_model: "unheard-of", frees_at: null });
});

test.each([
  ["claude-haiku-5-5", "No price for claude-haiku-5-5. This run is over."],
  ["us.vendor.model-1:0", "No price for us.vendor.model-1:0. This run is over."],
  ["model-500", "No price for this model. This run is over."],
  ["retry-model", "No price for this model. This run is over."],
  ["a name with words", "No price for this model. This run is over."],
])("the refusal names %s only if no client tries again after it", (model, sentence) => {
  const { admission } = makeAdmission({}, 9);
  expect(admission.admit({ ...REQUEST, model })).toMatchObject({ sentence });
});

test("in warn mode an unpriced model is admitted with an unknown cost and one warning", () => {
  const { rows, said, answer } = makeAdmission({ mode: "warn" }, 9);
  const usage = { input_uncached: 1000, output: 5, requests: 1 };
  expect(answer({ model: "unheard-of" }, usage)).toBe("admitted");
  expect(answer({ model: "unheard-of" }, usage)).toBe("admitted");
  expect(debited(rows)[0]).not.toHaveProperty("total_usd");
  expect(said).toEqual([
    "unheard-of has no price. The cost of its requests is unknown and counts in no dollar budget.",
  ]);
});

test("billable tokens weigh cache reads by their price, and count in full without one", () => {
  const { rows, said, answer } = makeAdmission({ basis: "billable" });
  const usage = { input_uncached: 10, cache_read: 1000, output: 5, requests: 1 };
  answer({}, usage);
  answer({ model: "unheard-of" }, usage);
  expect(debited(rows).map(({ total }) => total)).toEqual([115, 1015]);
  expect(said).toHaveLength(1);
});

test.each([
  ["block", 9, false],
  ["block", null, true],
  ["warn", 9, true],
] as const)(
  "in %s mode with a limit of %j work that nobody can count may pass: %j",
  (mode, dollars, may) => {
    const { admission } = makeAdmission({ mode }, dollars);
    expect(admission.mayPassUncounted(REQUEST.route, "POST /v1/embeddings")).toBe(may);
  },
);

test("the advice of a dearer model is debited at its own price", () => {
  const { rows, admission } = makeAdmission({}, 9);
  const decision = admission.admit(REQUEST);
  const own = { input_uncached: 1000, output: 10, requests: 1 };
  const advice = { input_uncached: 1000, output: 0, requests: 0 };
  if (!decision.admitted) throw new Error("It was not admitted.");
  admission.settle(decision.reservation, {
    usage: { input_uncached: 2000, output: 10, requests: 1 },
    parts: [
      { model: null, usage: own },
      { model: "dear", usage: advice },
    ],
    ending: "complete",
    outputEstimate: null,
    model: "m",
  });
  expect(debited(rows)[0]).toMatchObject({ total: 2010, total_usd: 0.1011 });
});
