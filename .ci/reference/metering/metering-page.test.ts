import { expect, test } from "vitest";

import { judgeBudgeted, judgeFree, type Seen } from "./judge-case.ts";
import { CASES } from "./metering-page.ts";
import type { ProtocolCase } from "./protocol-case.ts";
import { runCases } from "./run-cases.ts";

// Whether the page is what the proxy does, the test of all generated pages says.
test("the page has at least 120 cases, and none is named twice", () => {
  expect(CASES.length).toBeGreaterThanOrEqual(120);
  const names = CASES.map(({ title, api }) => `${title} ${api?.title ?? ""}`);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ["states more than the truth", { prompt: 900, completion: 500 }],
  ["states less than the truth", { prompt: 1000, completion: 501 }],
])("a case that %s fails the page", async (_, truth) => {
  await expect(runCases([{ ...plain(), truth }])).rejects.toThrow("Not ");
});

test("a case that takes the truth in other classes fails the page", async () => {
  const truth = { prompt: 1000, completion: 500, cached: { cache_read: 200 } };
  await expect(runCases([{ ...plain(), truth }])).rejects.toThrow("Not counted");
});

const ROW: Seen["row"] = {
  kind: "model",
  status: 200,
  usage: null,
  prompt_tokens: null,
  completion_tokens: null,
};

test.each([
  ["the exact debit", { total: 1500 }, "counted"],
  ["a large enough estimate", { total: 400, is_estimated: true }, "estimated"],
])("under a budget, %s is right", (...[, debit, fate]) => {
  const asked = { ...plain(), textBytes: 400 };
  expect(judgeBudgeted({ row: ROW, debit, wasForwarded: true }, asked)).toBe(fate);
});

test.each([
  ["another debit", { total: 1499 }],
  ["too small an estimate", { total: 3, is_estimated: true }],
  ["no debit", undefined],
])("under a budget, %s is wrong", (...[, debit]) => {
  const asked = { ...plain(), textBytes: 400 };
  expect(() => judgeBudgeted({ row: ROW, debit, wasForwarded: true }, asked)).toThrow(/^No/u);
});

test("without a budget, tokens that no row tells of are wrong", () => {
  const seen = { row: ROW, debit: undefined, wasForwarded: true };
  expect(() => judgeFree(seen, plain())).toThrow("Not unknown");
});

function plain(): ProtocolCase {
  const found = CASES.find(({ title }) => title === "JSON");
  if (found === undefined) throw new Error("There is no plain case.");
  return found.asked;
}
