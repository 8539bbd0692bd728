import type { CommandTask } from "../../bank/task.ts";
import { isUnbuilt, type TestResult } from "../../results/test-result.ts";
import type { ScenarioResult } from "../grade-result.ts";

/** What results are worth. */
export interface Judged {
  readonly quality: number;
  /** Listed tests: those to pass are held out, and those that passed before are visible. */
  readonly scenarios: readonly ScenarioResult[];
  /** Why the results can't be true; absent if nothing speaks against them. */
  readonly evidence?: string;
}

/**
 * Quality is the share of tests that the task asks for and that pass. Each test that passed before and
 * is broken now counts like one more that fails. Forged results are worth nothing.
 */
export function judgeResults(
  { failToPass, passToPass, canaries }: CommandTask["acceptance"],
  results: readonly TestResult[],
): Judged {
  const found = new Map(results.map((result) => [result.name, result]));
  const hasPassed = (name: string) => found.get(name)?.status === "passed";
  const passed = failToPass.filter(hasPassed).length;
  const broken = passToPass.filter((name) => !hasPassed(name)).length;
  const evidence = findForgery(canaries, found, passed);
  const scenarios = [
    ...passToPass.map((name) => describe(name, "visible", found)),
    ...failToPass.map((name) => describe(name, "held-out", found)),
  ];
  if (evidence !== undefined) return { quality: 0, scenarios, evidence };
  return { quality: passed / (failToPass.length + broken), scenarios };
}

/**
 * A canary always fails when it runs. If it passes, something else than the tests wrote the results. If it
 * did not run and others passed, they did not come from a whole run, unless its package could not be built.
 */
function findForgery(
  canaries: readonly string[],
  found: ReadonlyMap<string, TestResult>,
  passed: number,
): string | undefined {
  const forged = canaries.find((name) => found.get(name)?.status === "passed");
  if (forged !== undefined) {
    return `The canary "${forged}" always fails, and the results say that it passed.`;
  }
  const absent = canaries.find(
    (name) => found.get(name)?.status !== "failed" && !isUnbuilt(name, found),
  );
  if (absent === undefined || passed === 0) return undefined;
  const status = found.has(absent) ? "that it was skipped" : "nothing about it";
  return `The canary "${absent}" always fails. The results say ${status}, and that ${String(passed)} other tests passed.`;
}

function describe(
  name: string,
  suite: ScenarioResult["suite"],
  found: ReadonlyMap<string, TestResult>,
): ScenarioResult {
  const result = found.get(name);
  if (result === undefined) {
    return { name, suite, status: "failed", message: "The results do not name this test." };
  }
  const { status, message } = result;
  return { name, suite, status, ...(message === undefined ? {} : { message }) };
}
