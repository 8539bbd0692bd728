import { describe, expect, it } from "vitest";

import { renderBudgetBar } from "./budget-bar.ts";

const TOKENS = { unit: "tokens", basis: "uncached" } as const;
const tagged = (colour: string, text: string) => `<${colour}>${text}</${colour}>`;

describe("a budget bar", () => {
  it.each([
    [0, "[--------------------] 0.0 % (0 / 40.0K uncached)"],
    [29_700, "[##############------] 74.2 % (29.7K / 40.0K uncached)"],
    [39_999, "[###################-] 99.9 % (40.0K / 40.0K uncached)"],
    [40_000, "[####################] 100.0 % (40.0K / 40.0K uncached)"],
    [59_200, "[####################] 148.0 % (59.2K / 40.0K uncached)"],
  ])("of %i of 40,000 tokens is %s", (used, expected) => {
    expect(renderBudgetBar({ ...TOKENS, used, limit: 40_000 })).toBe(expected);
  });

  it.each([
    [70, "green"],
    [71, "yellow"],
    [90, "yellow"],
    [91, "red"],
    [140, "red"],
  ])("at %i %% is %s, and only the bar is coloured", (used, colour) => {
    const bar = renderBudgetBar({ ...TOKENS, used, limit: 100 }, { style: tagged });
    expect(bar).toMatch(new RegExp(`^<${colour}>\\[[#-]{20}\\]</${colour}> ${used}\\.0 %`, "u"));
  });

  it("has no escape codes without a style", () => {
    expect(renderBudgetBar({ ...TOKENS, used: 95, limit: 100 })).not.toContain("\u001B");
  });

  it.each([
    [{ used: 0, limit: null }, "[NO BUDGET SET]"],
    [{ used: 29_700, limit: null }, "[UNLIMITED] 29.7K used (uncached)"],
    [{ used: 0, limit: 0 }, "[####################] 100.0 % (0 / 0 uncached)"],
    [{ used: 5, limit: 0 }, "[####################] > 100 % (5 / 0 uncached)"],
    [
      { used: 1_250_000, limit: 2_000_000 },
      "[############--------] 62.5 % (1.25M / 2.00M uncached)",
    ],
  ])("of %j tokens is %s", (use, expected) => {
    expect(renderBudgetBar({ ...TOKENS, ...use })).toBe(expected);
  });
});

describe("a budget of another unit", () => {
  it.each([
    [{ used: 1.2345, limit: 25 }, "[--------------------] 4.9 % ($1.2345 / $25.00)"],
    [{ used: 0.000_012, limit: 0.005 }, "[--------------------] 0.2 % ($0.000012 / $0.005)"],
    [{ used: 3, limit: 2 }, "[####################] 150.0 % ($3.0000 / $2.00)"],
    [{ used: 1.5, limit: null }, "[UNLIMITED] $1.5000 used"],
    [{ used: 0, limit: null }, "[NO BUDGET SET]"],
  ])("of %j dollars is %s", (use, expected) => {
    expect(renderBudgetBar({ unit: "usd", basis: "uncached", ...use })).toBe(expected);
  });

  it.each([
    [{ used: 12.5, limit: 90 }, "[##------------------] 13.8 % (12.5 / 90 min)"],
    [{ used: 0.06, limit: 0.05 }, "[####################] 120.0 % (0.06 / 0.05 min)"],
    [{ used: 2, limit: null }, "[UNLIMITED] 2.0 min used"],
  ])("of %j minutes is %s", (use, expected) => {
    expect(renderBudgetBar({ unit: "minutes", basis: "all", ...use })).toBe(expected);
  });

  it("says which tokens it counts", () => {
    const use = { unit: "tokens", basis: "billable", used: 5, limit: 10 } as const;
    expect(renderBudgetBar(use)).toContain("(5 / 10 billable)");
  });

  it("shows only its numbers without visuals", () => {
    const use = { ...TOKENS, used: 29_700, limit: 40_000 };
    expect(renderBudgetBar(use, { hasVisuals: false, style: tagged })).toBe(
      "74.2 % (29.7K / 40.0K uncached)",
    );
  });
});
