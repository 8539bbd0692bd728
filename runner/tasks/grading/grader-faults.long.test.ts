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

test("a value that the suite's process does not survive fails its scenario, and the rest continues", async () => {
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

test.each([
  { does: "hangs", code: "{ while (true) {} }", callMs: 1000 },
  {
    does: "sleeps for less than the limit of a call",
    code: "new Promise((done) => setTimeout(() => done(3), 900))",
    callMs: 240_000,
  },
])("when time is up, a solution that $does fails what is left", async ({ code, callMs }) => {
  const result = await grade({
    solution: `export const add = () => ${code};`,
    timeoutMs: 1500,
    hostLimits: { startMs: 240_000, loadMs: 240_000, callMs },
    feature: `Feature: A probe
  Scenario: One
    Then 1 and 2 make 4
  Scenario: Two
    Then 1 and 2 make 4
  Scenario: Three
    Then 1 and 2 make 4
`,
    heldOut: NO_SCENARIOS,
  });
  expect(result.quality).toBe(0);
  expect(messages(result).at(-1)).toBe("The solution took more than 1.5 s of its own time in all.");
});

test("when the suite itself takes too long, it is the grader's error", async () => {
  // On a very busy machine the grader gets no time at all, and its error says that.
  await expect(grade({ solution: GOOD, steps: "for (;;);", timeoutMs: 500 })).rejects.toThrow(
    /^Grading took longer than 0\.5 s\.$|^The machine gave the grader /u,
  );
});
