import { describe, expect, it } from "vitest";
import { z } from "zod";

import { BudgetsFile } from "./budgets-file.ts";

describe("BudgetsFile", () => {
  it("takes the block of an experiment file", () => {
    const block = {
      mode: "block",
      basis: "uncached",
      overall: { tokens: 2_000_000 },
      parameter_type: "mixed",
      cut: "hard",
      visuals: false,
      commands: { "/implement": { tokens: 120_000, usd: 1.5 }, "/review": { tokens: 0 } },
      roles: { implementer: { minutes: 30 } },
      window: { tokens: 5, usd: 0, minutes: 0.5 },
      period: { tokens: 500_000, usd: 9, every: "5h" },
    };
    expect(BudgetsFile.parse(block)).toEqual(block);
  });

  it("takes an empty block", () => {
    expect(BudgetsFile.parse({})).toEqual({});
  });

  it.each([
    [{ mode: "stop" }],
    [{ basis: "cheap" }],
    [{ parameter_type: "dollars" }],
    [{ overall: { usd: -1 } }],
    [{ overall: { usd: "$5" } }],
    [{ overall: { minutes: -1 } }],
    [{ period: { tokens: 5, every: "5" } }],
    [{ period: { tokens: 5, every: 5 } }],
    [{ period: { minutes: 5, every: "5h" } }],
    [{ roles: { "": { tokens: 1 } } }],
    [{ overall: 200_000 }],
    [{ overall: { tokens: -5 } }],
    [{ overall: { tokens: 1.5 } }],
    [{ overall: { tokens: "10k tokens" } }],
    [{ overall: { tokens: 2 ** 60 } }],
    [{ overall: {} }],
    [{ commands: { "/implement": 40_000 } }],
    [{ commands: { "": { tokens: 1 } } }],
    [{ commands: { "/implement": { tokens: 1 }, implement: { tokens: 2 } } }],
  ])("refuses %j", (block) => {
    expect(BudgetsFile.safeParse(block).success).toBe(false);
  });

  it("refuses a unit that is not enforced rather than ignoring a cap", () => {
    const refused = BudgetsFile.safeParse({ overall: { tokens: 5, prompts: 25 } });
    expect(refused.error?.issues[0]).toMatchObject({ path: ["overall"], keys: ["prompts"] });
  });

  it("points at the key of a second budget for one command", () => {
    const refused = BudgetsFile.safeParse({
      commands: { "/implement": { tokens: 1 }, implement: { tokens: 2 } },
    });
    expect(refused.error?.issues[0]).toMatchObject({ path: ["commands", "implement"] });
  });

  it("can be published as JSON Schema", () => {
    expect(z.toJSONSchema(BudgetsFile, { io: "input" })).toMatchObject({
      properties: { mode: { enum: ["warn", "block"] } },
    });
  });
});
