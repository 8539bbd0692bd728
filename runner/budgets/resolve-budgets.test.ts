import { describe, expect, it } from "vitest";

import { BudgetTextError } from "./errors.ts";
import { type BudgetSources, resolveBudgets, toLimits } from "./resolve-budgets.ts";

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
    overall: { tokens: 3 },
    commands: { "/implement": { tokens: 13 }, review: { tokens: 23 }, "/document": { tokens: 33 } },
  },
} as const satisfies Partial<BudgetSources>;

describe("resolveBudgets", () => {
  it("blocks on uncached tokens without limits by default", () => {
    expect(resolve({})).toEqual({
      mode: { value: "block", origin: "default" },
      basis: { value: "uncached", origin: "default" },
      overall: { value: null, origin: "default" },
      commands: new Map(),
    });
  });

  it("takes the file before the defaults", () => {
    expect(resolve({ file: EVERYWHERE.file })).toMatchObject({
      mode: { value: "warn", origin: "file experiment.yaml" },
      basis: { value: "all", origin: "file experiment.yaml" },
      overall: { value: 3, origin: "file experiment.yaml" },
    });
  });

  it("takes the environment before the file", () => {
    const { variables, file } = EVERYWHERE;
    expect(
      resolve({ variables, file: { ...file, mode: "block", basis: "uncached" } }),
    ).toMatchObject({
      mode: { value: "warn", origin: "environment COUNTERBALANCE_BUDGET_ENFORCEMENT_MODE" },
      basis: { value: "all", origin: "environment COUNTERBALANCE_BUDGET_BASIS" },
      overall: { value: 2, origin: "environment COUNTERBALANCE_OVERALL_TOKEN_BUDGET" },
    });
  });

  it("takes an option before everything, also where it says the default", () => {
    expect(resolve(EVERYWHERE)).toMatchObject({
      mode: { value: "block", origin: "command line" },
      basis: { value: "uncached", origin: "command line" },
      overall: { value: 1, origin: "command line" },
    });
  });

  it("joins the budgets of commands one by one", () => {
    expect(resolve(EVERYWHERE).commands).toEqual(
      new Map([
        ["/implement", { value: 11, origin: "command line" }],
        ["/review", { value: 22, origin: "environment COUNTERBALANCE_COMMAND_BUDGETS" }],
        ["/document", { value: 33, origin: "file experiment.yaml" }],
      ]),
    );
  });

  it("takes a limit of 0 for a limit", () => {
    expect(
      resolve({ options: { overallTokenBudget: "0" }, file: EVERYWHERE.file }).overall,
    ).toEqual({
      value: 0,
      origin: "command line",
    });
  });
});

describe("what bad input gets", () => {
  it.each<[string, Partial<BudgetSources>, string]>([
    ["a bad option", { options: { overallTokenBudget: "-5" } }, "--overall-token-budget: "],
    ["a bad command option", { options: { commandBudget: ["/a=b"] } }, "--command-budget (/a): "],
    [
      "an unknown mode",
      { options: { budgetEnforcementMode: "stop" } },
      '--budget-enforcement-mode: expected warn or block, got "stop". Write one of the two.',
    ],
    [
      "an unknown basis",
      { variables: { COUNTERBALANCE_BUDGET_BASIS: "billable" } },
      'COUNTERBALANCE_BUDGET_BASIS: expected all or uncached, got "billable". Write one of the two.',
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
  ])("refuses %s", (_, sources, message) => {
    expect(() => resolve(sources)).toThrow(BudgetTextError);
    expect(() => resolve(sources)).toThrow(message);
  });
});

describe("toLimits", () => {
  it("leaves the origins out", () => {
    expect(toLimits(resolve(EVERYWHERE))).toEqual({
      mode: "block",
      basis: "uncached",
      overall: 1,
      commands: new Map([
        ["/implement", 11],
        ["/review", 22],
        ["/document", 33],
      ]),
    });
  });
});
