import { expect, test } from "vitest";

import { GraderError } from "./grade-result.ts";
import {
  FEATURE,
  GOOD,
  NO_SCENARIOS,
  STEPS,
  grade,
  messages,
  statuses,
} from "./test-support/probe-folder.ts";

test("a value that the suite's process does not survive fails its scenario, and the rest goes on", async () => {
  const result = await grade({
    solution: 'export const good = () => "well"; export const bad = () => "end the suite";',
    feature: `Feature: A probe
  Scenario: One
    Then good gives well
  Scenario: Two
    Then bad gives well
  Scenario: Three
    Then good gives well
`,
    heldOut: NO_SCENARIOS,
  });
  expect(statuses(result)).toEqual({ One: "passed", Two: "failed", Three: "passed" });
});

test("a step that outlives its scenario can't reach the next one's solution", async () => {
  const result = await grade({
    solution:
      "let n = 0; export const add = (a, b) => a + b; export const count = () => String(++n);",
    feature: `Feature: A probe
  Scenario: One
    Then something goes on
  Scenario: Two
    Then count gives 1
`,
    heldOut: NO_SCENARIOS,
    steps: `${STEPS}
Then("something goes on", function () {
  const go = async () => { for (let i = 0; i < 1000; i += 1) await this.solution.call("count"); };
  go().catch(() => undefined);
});
`,
  });
  expect(statuses(result)).toEqual({ One: "passed", Two: "passed" });
});

test.each([
  {
    fault: "two scenarios of one name",
    probe: { heldOut: FEATURE },
    message:
      /^Two scenarios have the name "It adds": feature\.feature:2 and acceptance\/held-out\.feature:2\. Rename one\.$/u,
  },
  {
    fault: "a feature that is no Gherkin",
    probe: { feature: "Feature: A probe\n  Scenario: x\n    Given a\n    Nonsense\n" },
    message: /^The acceptance suite is not valid\. feature\.feature: /u,
  },
  {
    fault: "no scenarios",
    probe: { feature: "Feature: A\n", heldOut: "Feature: B\n" },
    message: /no scenarios/u,
  },
  {
    fault: "steps that can't be loaded",
    probe: { steps: 'throw new Error("broken steps");' },
    message: /^The acceptance suite ended too early\.[^]*broken steps/u,
  },
  {
    fault: "a step that ends the process by itself",
    probe: { steps: `${STEPS}process.exit(0);` },
    message: /ended too early/u,
  },
])("$fault is the grader's error, not the solution's", async ({ probe, message }) => {
  const failure = await grade({ solution: GOOD, ...probe }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GraderError);
  expect(failure).toMatchObject({
    message: expect.stringMatching(message),
  });
});

test("when time is up, a solution that hung fails what is left", async () => {
  const solution = "export const add = () => { while (true) {} };";
  const ends: unknown[] = [];
  // A busy machine may not even come to the first hang: it is given more time.
  for (const timeoutMs of [3000, 30_000, 180_000]) {
    const hostLimits = { startMs: timeoutMs, loadMs: timeoutMs, callMs: 0.4 * timeoutMs };
    const grading = grade({ solution, timeoutMs, hostLimits });
    const result = await grading.catch(() => undefined);
    if (result === undefined) continue;
    ends.push(result.quality, messages(result).at(-1));
    break;
  }
  expect(ends).toEqual([0, expect.stringContaining("hung too often")]);
});

test("when time is up and the solution did not hang, it is the grader's error", async () => {
  await expect(grade({ solution: GOOD, timeoutMs: 50 })).rejects.toThrow(
    new GraderError("Grading took longer than 0.05 s."),
  );
});
