import picomatch from "picomatch";

import { GO_RUNNERS } from "./go.ts";
import { JAVASCRIPT_RUNNERS } from "./javascript.ts";
import { COMPILED_RUNNERS, RUBY_RUNNERS } from "./other-runners.ts";
import { PYTHON_RUNNERS } from "./python.ts";
import type { CommitTree, TestRunner } from "./test-runner.ts";

/** Every known runner. A project that several fit is run with the first: its own settings name it most clearly. */
export const TEST_RUNNERS: readonly TestRunner[] = [
  ...JAVASCRIPT_RUNNERS,
  ...GO_RUNNERS,
  ...COMPILED_RUNNERS,
  ...RUBY_RUNNERS,
  ...PYTHON_RUNNERS,
];

/** Finds the program that runs a project's tests by the files of the project. */
export function findRunner(tree: CommitTree): TestRunner | undefined {
  return TEST_RUNNERS.find(({ isUsed }) => isUsed(tree));
}

/** How a changed file belongs to a commit: to its hidden tests, or to its solution. */
export type FilePart = "test" | "support" | "solution";

/** Sorts files by a runner's patterns, or by the given ones, which then name every file of the tests. */
export function sorterOf(
  runner: TestRunner,
  given: readonly string[] = [],
): (file: string) => FilePart {
  const options = { dot: true };
  const isTest = picomatch([...(given.length > 0 ? given : runner.tests)], options);
  const isSupport = given.length > 0 ? () => false : picomatch([...runner.support], options);
  return (file) => (isTest(file) ? "test" : isSupport(file) ? "support" : "solution");
}
