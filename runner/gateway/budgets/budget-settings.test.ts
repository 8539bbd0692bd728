import { expect, it } from "vitest";

import { describeBudgetSettings, refuseDroppedLimits } from "./budget-settings.ts";
import { resolveBudgets } from "./resolve-budgets.ts";

const LIMIT = {
  scope: "overall",
  name: "overall",
  unit: "tokens",
  limit: 5000,
  origin: "command line",
  is_held: true,
} as const;

function kept(limits: readonly object[], manner: object = {}): object {
  return { budgets: { limits, ...manner } };
}

function now(options: Parameters<typeof resolveBudgets>[0]["options"] = {}) {
  return resolveBudgets({ options, variables: {}, file: undefined, fileName: null });
}

const ALL = { basis: { value: "all", origin: "file experiment.yaml" } };
const HARD = { cut: { value: "hard", origin: "command line" } };

it("names every cap that nobody gives again, with both ways on", () => {
  const command = { ...LIMIT, scope: "command", name: "/implement", unit: "usd", limit: 1.5 };
  expect(() => refuseDroppedLimits(kept([LIMIT, command]), now())).toThrow(
    "The last session had an overall budget of 5000 tokens (command line), and this one has none. " +
      "Give it again, with this amount or another: --overall-token-budget 5000. " +
      "To continue without it, write --overall-token-budget unlimited.\n" +
      "The last session had a /implement budget of $1.50 (command line), and this one has none. " +
      "Give it again, with this amount or another: --command-cost-budget /implement=1.5. " +
      "To continue without it, write --command-cost-budget /implement=unlimited.",
  );
});

it.each([
  ["the same amount", { overallTokenBudget: "5000" }],
  ["another amount", { overallTokenBudget: "1" }],
  ["nothing", { overallTokenBudget: "0" }],
  ["no limit", { overallTokenBudget: "unlimited" }],
  [
    "a kind that does not hold",
    { overallTokenBudget: "9", overallCostBudget: "1", budgetParameterType: "cost" },
  ],
])("accepts %s", (_, options) => {
  expect(() => refuseDroppedLimits(kept([LIMIT]), now(options))).not.toThrow();
});

it("takes a cap in one unit for none in another", () => {
  expect(() => refuseDroppedLimits(kept([LIMIT]), now({ overallCostBudget: "5" }))).toThrow(
    "--overall-token-budget unlimited",
  );
});

it.each([
  ["there is no session yet", undefined],
  ["the last session had no limit", kept([], { ...ALL, ...HARD })],
  ["it did not hold then", kept([{ ...LIMIT, is_held: false }])],
  ["a session of before kept no list", { budgets: {} }],
])("continues if %s", (_, last) => {
  expect(() => refuseDroppedLimits(last, now())).not.toThrow();
});

it("refuses another basis and a softer limit that nobody asked for, and takes them when they are named", () => {
  const last = kept([LIMIT], { ...ALL, ...HARD });
  const again = { overallTokenBudget: "5000" };
  expect(() => refuseDroppedLimits(last, now(again))).toThrow(
    "The last session counted tokens in the basis all (file experiment.yaml), and this one names no basis. " +
      "Write --budget-basis all, or --budget-basis uncached to change it.\n" +
      "The last session cut running answers at the limit (command line), and this one does not say so. " +
      "Write --budget-cut hard, or --budget-cut none to let them finish.",
  );
  const named = { ...again, budgetBasis: "uncached", budgetCut: "none" };
  expect(() => refuseDroppedLimits(last, now(named))).not.toThrow();
});

it("describes the limits of tokens over all and by command, and their origins", () => {
  const limits = now({ commandBudget: ["/implement=400"], overallTokenBudget: "5000" });
  expect(describeBudgetSettings(limits)).toMatchObject({
    overall: { value: 5000 },
    commands: { "/implement": { value: 400 } },
  });
  expect(describeBudgetSettings(now())).toMatchObject({ overall: { value: null }, commands: {} });
});
