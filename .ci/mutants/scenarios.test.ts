import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { type Envelope, TestStepResultStatus } from "@cucumber/messages";
import { expect, test } from "vitest";

import { PART } from "./order.ts";
import { Scenarios, stryker } from "./scenarios.ts";

const NOW = { seconds: 0, nanos: 0 };

/** What cucumber says of one scenario, with what its code reaches meanwhile. */
function play(scenarios: Scenarios, line: number, status: TestStepResultStatus): void {
  const id = String(line);
  const pickle = { id, uri: "features/x.feature", location: { line }, name: "", language: "en" };
  const before: readonly Envelope[] = [
    { pickle: { ...pickle, steps: [], tags: [], astNodeIds: [] } },
    { testCase: { id: `case ${id}`, pickleId: id, testSteps: [] } },
    { testCaseStarted: { id: `run ${id}`, testCaseId: `case ${id}`, attempt: 0, timestamp: NOW } },
  ];
  for (const one of before) scenarios.note(one);
  const perTest = { [stryker.currentTestId ?? ""]: { 4: 1, [id]: 2 } };
  stryker.mutantCoverage = { static: { 1: 1 }, perTest };
  const testCaseStartedId = `run ${id}`;
  const testStepResult = { status, duration: NOW };
  scenarios.note({
    testStepFinished: { testCaseStartedId, testStepId: "", testStepResult, timestamp: NOW },
  });
  scenarios.note({ testCaseFinished: { testCaseStartedId, timestamp: NOW, willBeRetried: false } });
}

test("Each scenario has the mutants that it or its programs reached, and says whether it failed", () => {
  const programs = mkdtempSync(path.join(tmpdir(), "counterbalance-test-"));
  const scenarios = new Scenarios(programs);
  writeFileSync(path.join(programs, "a"), JSON.stringify({ reached: ["1", "7"] }));
  writeFileSync(path.join(programs, `b${PART}`), "{");
  play(scenarios, 12, TestStepResultStatus.PASSED);
  expect(scenarios.hasFailed).toBe(false);
  play(scenarios, 20, TestStepResultStatus.FAILED);
  const { ran, failed, reached, loaded } = scenarios.report();
  expect(ran).toEqual(["features/x.feature:12", "features/x.feature:20"]);
  expect(failed).toEqual(["features/x.feature:20"]);
  expect(reached?.map(({ ids }) => ids)).toEqual([
    ["4", "12", "7"],
    ["4", "20"],
  ]);
  expect(loaded).toEqual(["1"]);
  expect(stryker.currentTestId).toBeUndefined();
});
