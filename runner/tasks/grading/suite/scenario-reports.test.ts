import { TestStepResultStatus as Status } from "@cucumber/messages";
import { expect, it } from "vitest";

import { type Envelope, ScenarioReports } from "./scenario-reports.ts";
import type { SuiteReport } from "./suite-message.ts";

const NOW = { seconds: 0, nanos: 0 };

type Result = NonNullable<Envelope["testStepFinished"]>["testStepResult"];

/** A run of cucumber as it tells of it. */
class Run {
  readonly told: SuiteReport[] = [];
  readonly reports = new ScenarioReports((report) => void this.told.push(report));

  /** One scenario with these results: the first is that of a hook. */
  play(results: readonly (readonly [Status, Partial<Result>?])[], uri = "held.feature"): void {
    this.plan(uri, results.length);
    this.reports.receive({
      testCaseStarted: { id: "s", testCaseId: "c", attempt: 0, timestamp: NOW },
    });
    for (const [status, more] of results) {
      const testStepResult = { status, duration: NOW, ...more };
      const testStepFinished = { testCaseStartedId: "s", testStepId: "t", testStepResult };
      this.reports.receive({ testStepFinished: { ...testStepFinished, timestamp: NOW } });
    }
    this.finish();
  }

  plan(uri: string, steps: number, line = 4): void {
    const name = "It adds";
    const pickle = { id: "p", uri, name, language: "en", steps: [], tags: [], astNodeIds: [] };
    this.reports.receive({ pickle: { ...pickle, location: { line } } });
    const testSteps = Array.from({ length: steps }, (_, index) => ({
      id: String(index),
      ...(index === 0 ? { hookId: "h" } : { pickleStepId: "x" }),
    }));
    this.reports.receive({ testCase: { id: "c", pickleId: "p", testSteps } });
  }

  finish(): void {
    this.reports.receive({
      testCaseFinished: { testCaseStartedId: "s", timestamp: NOW, willBeRetried: false },
    });
  }
}

it("A scenario is listed by its place, begins and ends", () => {
  const run = new Run();
  run.play([[Status.PASSED], [Status.PASSED]]);
  const key = "held.feature:4";
  expect(run.told).toEqual([
    { kind: "scenario_listed", key, name: "It adds", isVisible: false },
    { kind: "scenario_started", key },
    { kind: "scenario_finished", key, status: "passed" },
  ]);
});

it("The agent saw the scenarios of its own feature", () => {
  const run = new Run();
  run.plan("feature.feature", 1);
  expect(run.told).toMatchObject([{ isVisible: true, key: "feature.feature:4" }]);
});

it.each([
  [[Status.PASSED, Status.FAILED, Status.SKIPPED], "failed"],
  [[Status.PASSED, Status.UNDEFINED, Status.SKIPPED], "undefined"],
  [[Status.PASSED, Status.PENDING, Status.SKIPPED], "pending"],
  [[Status.PASSED, Status.AMBIGUOUS, Status.UNDEFINED], "ambiguous"],
  [[Status.SKIPPED, Status.PASSED], "skipped"],
  [[Status.UNKNOWN, Status.UNKNOWN], "unknown"],
  [[Status.PASSED], "unknown"],
  [[], "unknown"],
])("Steps that end as %j make the scenario %s", (statuses, status) => {
  const run = new Run();
  run.play(statuses.map((one) => [one] as const));
  expect(run.told.at(-1)).toEqual({
    kind: "scenario_finished",
    key: "held.feature:4",
    status,
  });
});

it("A failure says its error without the stack, at most 500 characters of it", () => {
  const exception = { type: "AssertionError", message: "3 is not 4", stackTrace: "at /home" };
  const ends: readonly (readonly [Partial<Result>, string])[] = [
    [{ exception, message: "whole stack" }, "AssertionError: 3 is not 4"],
    [{ exception: { type: "Error" } }, "Error: "],
    [{ message: "no exception" }, "no exception"],
    [{ message: "x".repeat(900) }, "x".repeat(500)],
  ];
  for (const [result, message] of ends) {
    const run = new Run();
    run.play([[Status.PASSED], [Status.FAILED, result]]);
    expect(run.told.at(-1)).toMatchObject({ status: "failed", message });
  }
});

it("What was never planned or begun is not reported", () => {
  const run = new Run();
  const testStepResult = { status: Status.FAILED, duration: NOW };
  run.reports.receive({
    testStepFinished: { testCaseStartedId: "s", testStepId: "t", testStepResult, timestamp: NOW },
  });
  run.finish();
  run.reports.receive({
    testCaseStarted: { id: "s", testCaseId: "unknown", attempt: 0, timestamp: NOW },
  });
  run.finish();
  expect(run.told).toEqual([]);
});

it("Faults of the suite and cucumber's version are noted", () => {
  const { reports } = new Run();
  expect(reports.cucumberVersion).toBe("unknown");
  const tool = { name: "x", version: "13.3.0" };
  reports.receive({
    meta: { protocolVersion: "1", implementation: tool, runtime: tool, os: tool, cpu: tool },
  });
  reports.receive({ parseError: { source: { uri: "a.feature" }, message: "expected Feature" } });
  reports.receive({ parseError: { source: {}, message: "nowhere" } });
  reports.receive({ undefinedParameterType: { expression: "{colour}", name: "colour" } });
  expect(reports.cucumberVersion).toBe("13.3.0");
  expect(reports.faults).toEqual([
    "a.feature: expected Feature",
    ": nowhere",
    'There is no parameter type "colour".',
  ]);
});
