import { describe, expect, test } from "vitest";

import type { Upstream } from "../upstream.ts";
import { chooseRoute } from "./choose-route.ts";
import type { RouteCondition, RouteRule } from "./route.ts";

const TO: Upstream = { name: "glm", baseUrl: "http://127.0.0.1:9", auth: { mode: "inherit" } };

function rule(name: string, when: RouteCondition): RouteRule {
  return { name, when, to: TO, model: null };
}

function choose(rules: readonly RouteRule[], changes: object = {}): string | null {
  const request = { subagentId: null, model: "claude-sonnet-4-5", nth: 1, ...changes };
  return chooseRoute({ rules, seed: "42" }, request).rule?.name ?? null;
}

describe("a rule", () => {
  test.each<[RouteCondition, object, boolean]>([
    [{ subagent: true }, { subagentId: "a1" }, true],
    [{ subagent: true }, {}, false],
    [{ subagent: false }, {}, true],
    [{ subagent: false }, { subagentId: "a1" }, false],
    [{ model: "claude-haiku-*" }, { model: "claude-haiku-5-5" }, true],
    [{ model: "claude-haiku-*" }, {}, false],
    [{ model: "{gpt,o}-*" }, { model: "gpt-5.5" }, true],
    [{ model: "*" }, { model: "vendor/a-model" }, true],
    [{ model: "*" }, { model: null }, false],
    [{ share: 0 }, {}, false],
    [{ share: 1 }, {}, true],
    [{}, {}, true],
    [{ subagent: true, model: "claude-*" }, { subagentId: "a1", model: "gpt-5.5" }, false],
  ])("%j and a request with %j: %s", (when, changes, holds) => {
    expect(choose([rule("it", when)], changes)).toBe(holds ? "it" : null);
  });
});

test("rules are asked by sub-agent, then by model, then by share, whatever their order", () => {
  const rules = [
    rule("rest", {}),
    rule("share", { share: 1 }),
    rule("model", { model: "claude-*" }),
    rule("subagent", { subagent: true }),
  ];
  expect(choose(rules, { subagentId: "a1" })).toBe("subagent");
  expect(choose(rules)).toBe("model");
  expect(choose(rules, { model: "gpt-5.5" })).toBe("share");
  expect(choose(rules.toSpliced(1, 1), { model: "gpt-5.5" })).toBe("rest");
});

test("a share is kept over many requests, and the same seed draws the same", () => {
  const half = [rule("half", { share: 0.5 })];
  const drawn = Array.from({ length: 1000 }, (_, nth) => choose(half, { nth }));
  expect(drawn.filter((name) => name !== null).length).toBeGreaterThan(450);
  expect(drawn.filter((name) => name !== null).length).toBeLessThan(550);
  expect(Array.from({ length: 1000 }, (_, nth) => choose(half, { nth }))).toEqual(drawn);
});

test("a sub-agent is drawn once: its requests stay together", () => {
  const half = [rule("half", { share: 0.5 })];
  for (const subagentId of ["a1", "a2", "a3", "a4"]) {
    const drawn = new Set(
      Array.from({ length: 20 }, (_, nth) => choose(half, { subagentId, nth })),
    );
    expect(drawn.size).toBe(1);
  }
});

test("a choice tells what was asked and what the request said to it", () => {
  const rules = [rule("subagent", { subagent: true }), rule("haiku", { model: "claude-haiku-*" })];
  const request = { subagentId: null, model: "claude-haiku-5-5", nth: 1 };
  const { considered } = chooseRoute({ rules, seed: "1" }, request);
  expect(considered.map(({ holds, reasons }) => [holds, ...reasons])).toEqual([
    [false, "wants a sub-agent, is the main agent"],
    [true, "wants model claude-haiku-*, is claude-haiku-5-5"],
  ]);
});
