/** How one test ended in one run; absent from a run that it is not in. */
export type TestEnd = "passed" | "failed" | "skipped";

/** The ends of tests by their names. */
export type SuiteRun = ReadonlyMap<string, TestEnd>;

export interface SortedTests {
  readonly failToPass: readonly string[];
  readonly passToPass: readonly string[];
  readonly flaky: readonly string[];
}

/**
 * Sorts tests by how they end without and with the reference solution. A test counts if it passes in
 * every run with the solution. One that passes in some of them is flaky, as is one that the untouched
 * workspace passes only sometimes.
 */
export function sortTests({
  without,
  withSolution,
}: Readonly<Record<"without" | "withSolution", readonly SuiteRun[]>>): SortedTests {
  const failToPass: string[] = [];
  const passToPass: string[] = [];
  const flaky: string[] = [];
  const names = new Set(withSolution.flatMap((run) => [...run.keys()]));
  for (const name of [...names].toSorted()) {
    const after = countPassed(withSolution, name);
    const before = countPassed(without, name);
    if (after === 0) continue;
    if (after < withSolution.length || (before > 0 && before < without.length)) flaky.push(name);
    else if (before === 0) failToPass.push(name);
    else passToPass.push(name);
  }
  return { failToPass, passToPass, flaky };
}

function countPassed(runs: readonly SuiteRun[], name: string): number {
  return runs.filter((run) => run.get(name) === "passed").length;
}
