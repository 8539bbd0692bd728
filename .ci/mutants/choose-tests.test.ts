import { expect, test } from "vitest";

import { fewestFirst, nearestFiles } from "./choose-tests.ts";
import type { AreaMutant } from "./mutated-copy.ts";

const MUTANT: AreaMutant = {
  id: "7",
  at: "runner/plan/choose.ts:3",
  kind: "BooleanLiteral",
  from: "true",
  to: "false",
  area: "plan",
  file: "runner/plan/choose.ts",
  source: "",
  key: "k",
};

function reaches(...tests: readonly (readonly [string, number, readonly string[]])[]) {
  return new Map(tests.map(([name, ms, keys]) => [name, { sha: "", ms, keys: new Set(keys) }]));
}

test("The test of the same name comes first, then those of near folders, as far as twenty seconds go", () => {
  const chosen = nearestFiles(
    MUTANT,
    reaches(
      ["runner/cli/far.test.ts", 9000, ["k"]],
      ["runner/cli/too-long.test.ts", 12_000, ["k"]],
      ["runner/plan/near.test.ts", 8000, ["k"]],
      ["runner/plan/choose.test.ts", 50, ["k"]],
      ["runner/plan/other.test.ts", 1, ["another"]],
    ),
  );
  expect(chosen).toEqual([
    "runner/plan/choose.test.ts",
    "runner/plan/near.test.ts",
    "runner/cli/far.test.ts",
  ]);
});

test("The scenario that reaches the fewest mutants comes first, and a long one alone is tried", () => {
  const wide = ["features/a.feature:3", 10, ["k", "l", "m"]] as const;
  const narrow = ["features/b.feature:9", 10, ["k"]] as const;
  const other = ["features/c.feature:1", 10, ["l"]] as const;
  expect(fewestFirst(MUTANT, reaches(wide, narrow, other))).toEqual([narrow[0], wide[0]]);
  expect(fewestFirst(MUTANT, reaches(["features/d.feature:1", 90_000, ["k"]]))).toHaveLength(1);
});

test("At most 25 scenarios are tried", () => {
  const all = Array.from({ length: 40 }, (_, line) => [`a:${String(line)}`, 1, ["k"]] as const);
  expect(fewestFirst(MUTANT, reaches(...all))).toHaveLength(25);
});
