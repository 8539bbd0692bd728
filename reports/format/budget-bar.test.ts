import { describe, expect, it } from "vitest";

import { renderBudgetBar } from "./budget-bar.ts";

const tagged = (colour: string, text: string) => `<${colour}>${text}</${colour}>`;

describe("a budget bar", () => {
  it.each([
    [0, "[--------------------] 0.0 % (0 of 40.0K)"],
    [29_700, "[##############------] 74.2 % (29.7K of 40.0K)"],
    [39_999, "[###################-] 99.9 % (40.0K of 40.0K)"],
    [40_000, "[####################] 100.0 % (40.0K of 40.0K)"],
    [59_200, "[####################] 148.0 % (59.2K of 40.0K)"],
  ])("of %i of 40,000 tokens is %s", (used, expected) => {
    expect(renderBudgetBar({ used, limit: 40_000 })).toBe(expected);
  });

  it.each([
    [70, "green"],
    [71, "yellow"],
    [90, "yellow"],
    [91, "red"],
    [140, "red"],
  ])("at %i %% is %s, and only the bar is coloured", (used, colour) => {
    const bar = renderBudgetBar({ used, limit: 100 }, tagged);
    expect(bar).toMatch(new RegExp(`^<${colour}>\\[[#-]{20}\\]</${colour}> ${used}\\.0 %`, "u"));
  });

  it("has no escape codes without a style", () => {
    expect(renderBudgetBar({ used: 95, limit: 100 })).not.toContain("\u001B");
  });

  it.each([
    [{ used: 0, limit: null }, "[NO BUDGET SET]"],
    [{ used: 29_700, limit: null }, "[UNLIMITED] 29.7K used"],
    [{ used: 0, limit: 0 }, "[####################] 100.0 % (0 of 0)"],
    [{ used: 5, limit: 0 }, "[####################] > 100 % (5 of 0)"],
    [{ used: 1_250_000, limit: 2_000_000 }, "[############--------] 62.5 % (1.25M of 2.00M)"],
  ])("of %j is %s", (use, expected) => {
    expect(renderBudgetBar(use)).toBe(expected);
  });
});
