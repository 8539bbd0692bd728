import { expect, test } from "vitest";

import { type TestEnd, sortTests } from "./sort-tests.ts";

function run(ends: Record<string, TestEnd>): ReadonlyMap<string, TestEnd> {
  return new Map(Object.entries(ends));
}

test("tests are sorted by how they end without and with the solution", () => {
  const after = {
    fixed: "passed",
    kept: "passed",
    broken: "failed",
    skipped: "skipped",
    added: "passed",
  } as const;
  const before = { fixed: "failed", kept: "passed", broken: "passed" } as const;
  expect(
    sortTests({ without: [run(before), run(before)], withSolution: [run(after), run(after)] }),
  ).toEqual({ failToPass: ["added", "fixed"], passToPass: ["kept"], flaky: [] });
});

test("a test that passes in four of five runs is flaky, as is one that the start passes once", () => {
  const passed = run({ often: "passed", lucky: "passed" });
  const withSolution = [passed, passed, passed, passed, run({ lucky: "passed" })];
  const without = [run({ lucky: "passed" }), run({ lucky: "failed" })];
  expect(sortTests({ without, withSolution })).toEqual({
    failToPass: [],
    passToPass: [],
    flaky: ["lucky", "often"],
  });
});
