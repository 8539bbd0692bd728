import { describe, expect, it } from "vitest";

import { BudgetTextError, parseAmount, parseNamedBudgets } from "./parse-budget.ts";

const OPTION = "--overall-token-budget";
const EXPECTED = "expected a whole number of tokens from 0 to 9007199254740991";

function parseTokenBudget(text: string, name: string): number | null {
  return parseAmount(text, { name, unit: "tokens" });
}

function parseCommandBudgets(texts: readonly string[], name: string) {
  return parseNamedBudgets(texts, { name, scope: "command", unit: "tokens" });
}

function parseCommandBudget(text: string, name: string) {
  const [[command, limit] = []] = parseCommandBudgets([text], name);
  return { command, tokens: limit };
}

function refusalOf(act: () => unknown): BudgetTextError {
  try {
    act();
  } catch (error) {
    if (error instanceof BudgetTextError) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

describe("parseTokenBudget", () => {
  it.each([
    ["0", 0],
    ["200000", 200_000],
    [" 40000 ", 40_000],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
    ["unlimited", null],
    [" Unlimited ", null],
  ])("reads %j", (text, tokens) => {
    expect(parseTokenBudget(text, OPTION)).toBe(tokens);
  });

  it.each([
    ["-5", "Write 0 to allow nothing, or unlimited for no limit."],
    ["", "Write 0 to allow nothing, or unlimited for no limit."],
    ["   ", "Write 0 to allow nothing, or unlimited for no limit."],
    ["10k tokens", "Write digits only: 10000."],
    ["1e6", "Write digits only: 1000000."],
    ["2M", "Write digits only: 2000000."],
    ["200,000", "Write digits only: 200000."],
    ["200_000", "Write digits only: 200000."],
    ["+5", "Write digits only: 5."],
    ["007", "Write digits only: 7."],
    ["1.5k", "Write digits only: 1500."],
    ["1.5", "Write digits only, e.g. 40000."],
    ["0x10", "Write digits only, e.g. 40000."],
    ["no limit", "Write digits only, e.g. 40000."],
    ["NaN", "Write digits only, e.g. 40000."],
    ["Infinity", "Write digits only, e.g. 40000."],
    ["9007199254740992", "Write digits only, e.g. 40000."],
    ["99999999999999999999999", "Write digits only, e.g. 40000."],
    ["٤٠", "Write digits only, e.g. 40000."],
  ])("refuses %j with what came and the mend", (text, mend) => {
    const error = refusalOf(() => parseTokenBudget(text, OPTION));
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe(`${OPTION}: ${EXPECTED}, got ${JSON.stringify(text)}. ${mend}`);
  });

  it("shows only the beginning of a long value", () => {
    const { message } = refusalOf(() => parseTokenBudget("x".repeat(100_000), OPTION));
    expect(message.length).toBeLessThan(300);
  });
});

describe("parseCommandBudget", () => {
  it.each([
    ["/implement=40000", "/implement", 40_000],
    ["implement=40000", "/implement", 40_000],
    [" /Implement = 40000 ", "/implement", 40_000],
    ["/implement lru-cache=40000", "/implement", 40_000],
    ["/implement depth=3=40000", "/implement", 40_000],
    ["Fix the test=7", "fix the test", 7],
    ["/implement=0", "/implement", 0],
  ])("reads %j", (text, command, tokens) => {
    expect(parseCommandBudget(text, "--command-budget")).toEqual({ command, tokens });
  });

  it.each(["/implement", "=5", "/=5", "", "40000"])(
    "refuses %j, which names no command or no limit",
    (text) => {
      const error = refusalOf(() => parseCommandBudget(text, "--command-budget"));
      expect(error.exitCode).toBe(2);
      expect(error.message).toBe(
        `--command-budget: expected COMMAND=TOKENS, got ${JSON.stringify(text)}. Write e.g. '/implement=40000'.`,
      );
    },
  );

  it.each(["/implement=", "/implement=-5", "/implement=10k tokens"])(
    "refuses the limit of %j and names the command",
    (text) => {
      const { message } = refusalOf(() => parseCommandBudget(text, "--command-budget"));
      expect(message).toContain(`--command-budget (/implement): ${EXPECTED}`);
    },
  );
});

describe("parseCommandBudgets", () => {
  it("collects the budgets of several commands", () => {
    expect(parseCommandBudgets(["/implement=40000", "review=5"], "--command-budget")).toEqual(
      new Map([
        ["/implement", 40_000],
        ["/review", 5],
      ]),
    );
  });

  it.each([
    ["/implement=1", "/implement=1"],
    ["/implement=1", "implement=2"],
    ["/implement lru-cache=1", "/IMPLEMENT bank-kata=2"],
  ])("refuses %j together with %j", (first, second) => {
    const error = refusalOf(() => parseCommandBudgets([first, second], "--command-budget"));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain('a second one for "/implement"');
  });
});
