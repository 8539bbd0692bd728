import { expect, test } from "vitest";

import type { TestResult } from "../../results/test-result.ts";
import { judgeResults } from "./judge-results.ts";

const ACCEPTANCE = {
  run: ["true"],
  results: { format: "exit_code" },
  protect: [],
  failToPass: ["new 1", "new 2"],
  passToPass: ["old 1", "old 2"],
  canaries: ["canary"],
} as const;

function judge(statuses: Readonly<Record<string, TestResult["status"]>>) {
  const results = Object.entries(statuses).map(([name, status]) => ({ name, status }));
  return judgeResults(ACCEPTANCE, results);
}

const OLD = { "old 1": "passed", "old 2": "passed", canary: "failed" } as const;

test("quality is the share that passes of what is asked for and of what broke", () => {
  expect(judge(OLD).quality).toBe(0);
  expect(judge({ ...OLD, "new 1": "passed" }).quality).toBe(0.5);
  expect(judge({ ...OLD, "new 1": "passed", "new 2": "passed" }).quality).toBe(1);
  const broken = {
    "new 1": "passed",
    "new 2": "passed",
    "old 1": "skipped",
    canary: "failed",
  } as const;
  expect(judge(broken).quality).toBe(0.5);
});

test("a canary that passes shows that the results are forged", () => {
  expect(judge({ ...OLD, "new 1": "passed", canary: "passed" })).toMatchObject({
    quality: 0,
    evidence: 'The canary "canary" always fails, and the results say that it passed.',
  });
});

test("a canary that did not run shows it only if others passed", () => {
  expect(judge({ "new 1": "passed" })).toMatchObject({
    quality: 0,
    evidence:
      'The canary "canary" always fails. The results say nothing about it, and that 1 other tests passed.',
  });
  expect(judge({ "new 1": "passed", canary: "skipped" }).evidence).toContain("that it was skipped");
  expect(judge({ "old 1": "passed" }).evidence).toBeUndefined();
  expect(judge({}).evidence).toBeUndefined();
});

test("a canary of a package that could not be built shows nothing", () => {
  const acceptance = { ...ACCEPTANCE, canaries: ["shop/a :: TestCanary", "shop/b :: TestCanary"] };
  const built = { name: "shop/b :: TestCanary", status: "failed" } as const;
  const passed = { name: "new 1", status: "passed" } as const;
  const unbuilt = { name: "shop/a :: build", status: "failed" } as const;
  expect(judgeResults(acceptance, [built, passed, unbuilt]).quality).toBe(0.25);
  expect(judgeResults(acceptance, [built, passed]).evidence).toContain("shop/a :: TestCanary");
  expect(judgeResults(acceptance, [passed, unbuilt]).evidence).toContain("shop/b :: TestCanary");
});

test("a test that the results do not name has failed", () => {
  expect(judge(OLD).scenarios.at(-1)).toEqual({
    name: "new 2",
    suite: "held-out",
    status: "failed",
    message: "The results do not name this test.",
  });
});
