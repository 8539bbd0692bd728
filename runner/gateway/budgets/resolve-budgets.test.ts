import { describe, expect, it } from "vitest";

import { BudgetTextError } from "./parse-budget.ts";
import {
  type BudgetSources,
  type ResolvedBudgets,
  resolveBudgets,
  toLimits,
} from "./resolve-budgets.ts";

function resolve(sources: Partial<BudgetSources>) {
  return resolveBudgets({
    options: {},
    variables: {},
    file: undefined,
    fileName: "experiment.yaml",
    ...sources,
  });
}

const EVERYWHERE = {
  options: {
    overallTokenBudget: "1",
    commandBudget: ["/implement=11"],
    budgetEnforcementMode: "block",
    budgetBasis: "uncached",
  },
  variables: {
    COUNTERBALANCE_OVERALL_TOKEN_BUDGET: "2",
    COUNTERBALANCE_COMMAND_BUDGETS: "/implement=12, review=22",
    COUNTERBALANCE_BUDGET_ENFORCEMENT_MODE: "warn",
    COUNTERBALANCE_BUDGET_BASIS: "all",
  },
  file: {
    mode: "warn",
    basis: "all",
    overall: { tokens: 3, usd: 9 },
    commands: { "/implement": { tokens: 13 }, review: { tokens: 23 }, "/document": { tokens: 33 } },
  },
} as const satisfies Partial<BudgetSources>;

function listed({ limits }: ResolvedBudgets): readonly string[] {
  return limits.map(
    ({ scope, name, unit, limit, origin }) => `${scope} ${name} ${limit} ${unit}, ${origin}`,
  );
}

const BOTH = { options: { overallTokenBudget: "5", overallCostBudget: "1.50" } };

describe("resolveBudgets", () => {
  it("blocks on uncached tokens without limits by default", () => {
    const origin = "default";
    expect(resolve({})).toEqual({
      mode: { value: "block", origin },
      basis: { value: "uncached", origin },
      overallScope: { value: "shared", origin },
      parameterType: { value: "mixed", origin },
      cut: { value: "none", origin },
      hasVisuals: { value: true, origin },
      periodMs: { value: null, origin },
      limits: [],
      unlimited: [],
    });
  });

  it("takes the file before the defaults", () => {
    const resolved = resolve({ file: EVERYWHERE.file });
    expect(resolved).toMatchObject({
      mode: { value: "warn", origin: "file experiment.yaml" },
      basis: { value: "all", origin: "file experiment.yaml" },
    });
    expect(listed(resolved)).toContain("overall overall 3 tokens, file experiment.yaml");
  });

  it("takes the environment before the file", () => {
    const { variables, file } = EVERYWHERE;
    const resolved = resolve({ variables, file: { ...file, mode: "block", basis: "uncached" } });
    expect(resolved).toMatchObject({
      mode: { value: "warn", origin: "environment COUNTERBALANCE_BUDGET_ENFORCEMENT_MODE" },
      basis: { value: "all", origin: "environment COUNTERBALANCE_BUDGET_BASIS" },
    });
    expect(listed(resolved)).toContain(
      "overall overall 2 tokens, environment COUNTERBALANCE_OVERALL_TOKEN_BUDGET",
    );
  });

  it("takes an option before everything, also where it says the default, limit by limit", () => {
    const resolved = resolve(EVERYWHERE);
    expect(resolved).toMatchObject({
      mode: { value: "block", origin: "command line" },
      basis: { value: "uncached", origin: "command line" },
    });
    expect(listed(resolved)).toEqual([
      "overall overall 1 tokens, command line",
      "command /implement 11 tokens, command line",
      "command /review 22 tokens, environment COUNTERBALANCE_COMMAND_BUDGETS",
      "overall overall 9 usd, file experiment.yaml",
      "command /document 33 tokens, file experiment.yaml",
    ]);
  });
});

describe("a limit", () => {
  it("of 0 is a limit", () => {
    const resolved = resolve({ options: { overallTokenBudget: "0" }, file: EVERYWHERE.file });
    expect(listed(resolved)).toContain("overall overall 0 tokens, command line");
  });

  it("reads every unit and scope of every source", () => {
    const resolved = resolve({
      options: {
        overallMinutesBudget: "90",
        commandCostBudget: ["/implement=1.50"],
        roleBudget: ["Implementer=7"],
        period: "5h",
        periodTokenBudget: "500000",
        disableBudgetVisuals: true,
        budgetCut: "hard",
      },
      variables: {
        COUNTERBALANCE_WINDOW_TOKEN_BUDGET: "8",
        COUNTERBALANCE_PERIOD_COST_BUDGET: "3",
      },
      file: { roles: { implementer: { usd: 2 } }, window: { minutes: 4 } },
    });
    expect(listed(resolved).map((line) => line.split(",")[0])).toEqual([
      "overall overall 90 minutes",
      "period period 500000 tokens",
      "command /implement 1.5 usd",
      "role implementer 7 tokens",
      "window window 8 tokens",
      "period period 3 usd",
      "role implementer 2 usd",
      "window window 4 minutes",
    ]);
    expect(resolved).toMatchObject({
      periodMs: { value: 18_000_000 },
      hasVisuals: { value: false },
      cut: { value: "hard" },
    });
  });
});

describe("which limits hold", () => {
  it.each([
    [undefined, ["tokens", "usd", "minutes"]],
    ["mixed", ["tokens", "usd", "minutes"]],
    ["tokens", ["tokens", "minutes"]],
    ["cost", ["usd", "minutes"]],
  ])("of the type %j are %j", (type, units) => {
    const resolved = resolve({
      options: {
        ...BOTH.options,
        overallMinutesBudget: "3",
        ...(type === undefined ? {} : { budgetParameterType: type }),
      },
    });
    expect(toLimits(resolved).limits.map(({ unit }) => unit)).toEqual(units);
  });
});

type Mistake = [string, Partial<BudgetSources>, string];

function refuses(_: string, sources: Partial<BudgetSources>, message: string): void {
  expect(() => resolve(sources)).toThrow(BudgetTextError);
  expect(() => resolve(sources)).toThrow(message);
}

describe("what bad input gets", () => {
  it.each<Mistake>([
    ["a bad option", { options: { overallTokenBudget: "-5" } }, "--overall-token-budget: "],
    ["a bad command option", { options: { commandBudget: ["/a=b"] } }, "--command-budget (/a): "],
    [
      "dollars with their sign",
      { options: { overallCostBudget: "$1.50" } },
      '--overall-cost-budget: expected an amount of dollars from 0 to 1000000, got "$1.50". Write digits only: 1.50.',
    ],
    [
      "a command's dollars",
      { options: { commandCostBudget: ["/a=-1"] } },
      "--command-cost-budget (/a): expected an amount of dollars",
    ],
    [
      "a role without a limit",
      { options: { roleBudget: ["implementer"] } },
      "--role-budget: expected ROLE=TOKENS, got \"implementer\". Write e.g. 'implementer=40000'.",
    ],
    [
      "more dollars than are counted exactly",
      { options: { overallCostBudget: "1000000.01" } },
      '--overall-cost-budget: expected an amount of dollars from 0 to 1000000, got "1000000.01".',
    ],
    [
      "a variable with an unknown name",
      { variables: { COUNTERBALANCE_COMMAND_BUDGET: "/a=1" } },
      'environment COUNTERBALANCE_COMMAND_BUDGET: expected the name of a budget, got an unknown name. Did you mean "COUNTERBALANCE_COMMAND_BUDGETS"? Write one of COUNTERBALANCE_BUDGET_BASIS, ',
    ],
    [
      "minutes in words",
      { variables: { COUNTERBALANCE_OVERALL_MINUTES_BUDGET: "soon" } },
      "COUNTERBALANCE_OVERALL_MINUTES_BUDGET: expected a number of minutes",
    ],
  ])("refuses %s", refuses);
});

describe("what a bad choice gets", () => {
  it.each<Mistake>([
    [
      "an unknown mode",
      { options: { budgetEnforcementMode: "stop" } },
      '--budget-enforcement-mode: expected warn or block, got "stop". Write one of the two.',
    ],
    [
      "an unknown basis",
      { variables: { COUNTERBALANCE_BUDGET_BASIS: "cheap" } },
      'COUNTERBALANCE_BUDGET_BASIS: expected all, uncached or billable, got "cheap". Write one of them.',
    ],
    [
      "an unknown type",
      { options: { budgetParameterType: "dollars" } },
      '--budget-parameter-type: expected tokens, cost or mixed, got "dollars".',
    ],
  ])("refuses %s", refuses);
});

describe("what halves and gaps get", () => {
  it.each<Mistake>([
    [
      "an invalid period",
      { options: { period: "5", periodTokenBudget: "5" } },
      '--period: expected a time from 1s to 366d, in s, m, h, d or w, got "5". Write e.g. 5h.',
    ],
    [
      "a period without a budget",
      { options: { period: "5h" } },
      "--period: expected a budget for the period, got none. Write e.g. --period-token-budget 500000.",
    ],
    [
      "a period's budget without a period",
      { file: { period: { tokens: 5 } } },
      "file experiment.yaml: budgets.period.tokens: expected the length of the period too, got none. Write e.g. --period 5h.",
    ],
    [
      "a type that would leave no limit at all",
      { options: { overallTokenBudget: "5", budgetParameterType: "cost" } },
      '--budget-parameter-type: expected a limit of dollars for "cost", got limits of tokens only (--overall-token-budget).',
    ],
    [
      "an empty variable",
      { variables: { COUNTERBALANCE_OVERALL_TOKEN_BUDGET: "" } },
      "COUNTERBALANCE_OVERALL_TOKEN_BUDGET: ",
    ],
    [
      "an empty list",
      { variables: { COUNTERBALANCE_COMMAND_BUDGETS: "" } },
      "COUNTERBALANCE_COMMAND_BUDGETS: ",
    ],
    [
      "a bad variable that an option overrides",
      {
        options: { overallTokenBudget: "5" },
        variables: { COUNTERBALANCE_OVERALL_TOKEN_BUDGET: "10k" },
      },
      "COUNTERBALANCE_OVERALL_TOKEN_BUDGET: ",
    ],
  ])("refuses %s", refuses);
});
