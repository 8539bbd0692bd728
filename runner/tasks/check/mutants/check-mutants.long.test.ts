import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readTask } from "../../bank/read-task.ts";
import { requireGherkin } from "../../bank/require-gherkin.ts";
import { type MutantCheck, checkMutants } from "./check-mutants.ts";

/** Counts up to a number. `Math.min` for `Math.max` makes its loop endless without a change inside it. */
const SOLUTION = `const STEP = Math.max(1, 0);
let calls = 0;

export function countTo(end: number): number {
  calls += 1;
  let at = 0;
  while (at < end) at += STEP;
  return calls === 1 ? at : -1;
}
`;
const STEPS = `import assert from "node:assert/strict";
import { Then } from "@cucumber/cucumber";

Then("counting to {int} gives {int}", async function (end, result) {
  assert.equal(await this.solution.call("countTo", end), result);
});
`;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "mutants-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function check(visible: string, heldOut: string): Promise<MutantCheck> {
  put(
    "task.yaml",
    `id: counting
title: Counting
language: typescript
stratum: small
solution: [src/]
acceptance: { kind: cucumber, paths: [acceptance/] }
timeout_s: 900
tokens_max: 120000
deterministic: true
`,
  );
  put("workspace/package.json", '{ "exports": "./src/counting.ts" }');
  put("solution/src/counting.ts", SOLUTION);
  put("acceptance/counting.steps.mjs", STEPS);
  put("feature.feature", `Feature: Counting\n  Scenario: Visible\n    Then ${visible}\n`);
  put("acceptance/held-out.feature", `Feature: More\n  Scenario: Held out\n    Then ${heldOut}\n`);
  return await checkMutants(requireGherkin(readTask(path.join(folder, "counting"))), {
    scratch: folder,
    name: "scratch",
  });
}

function put(file: string, text: string): void {
  const target = path.join(folder, "counting", file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

test("each scenario gets a fresh solution, and a mutant that never ends is killed", async () => {
  const result = await check("counting to 3 gives 3", "counting to 2 gives 2");
  expect(result.failedBySolution).toBeNull();
  const survivors = result.survivors.map(({ at, from, to }) => `${at} ${from} → ${to}`);
  // A second call in one scenario, which the suite never makes, would notice these.
  expect(survivors).toEqual(["src/counting.ts:8 calls === 1 → true", "src/counting.ts:8 -1 → +1"]);
  expect(result).toMatchObject({ taskId: "counting", killed: result.mutants - 2, ok: false });
  expect(result.mutants).toBeGreaterThan(8);
});

test("the suite is checked with the solution first", async () => {
  const result = await check("counting to 3 gives 3", "counting to 2 gives 3");
  expect(result).toMatchObject({ failedBySolution: "Held out", ok: false });
});

test("a suite that is not valid is refused", async () => {
  await expect(check("counting to 3 gives 3", "nothing\n  No Gherkin")).rejects.toThrow(
    "The acceptance suite is not valid. acceptance/held-out.feature: ",
  );
});
