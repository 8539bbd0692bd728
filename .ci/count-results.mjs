// Adds up the results of all test runners, short and long, and prints the one line by which a CI run is counted.
import { readdirSync, readFileSync } from "node:fs";

const RESULTS = ".experiment/tests";
const counts = { passed: 0, failed: 0, skipped: 0 };

for (const name of ["vitest.json", "vitest-long.json"]) addUnitTests(readOrEmpty(name));
for (const runner of ["cucumber", "cucumber-long"]) {
  for (const name of shardsOf(runner)) addScenarios(readOrEmpty(name));
}

const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);

/** As many files as their names promise, whether they are there or not. */
function shardsOf(runner) {
  const first = namesOf(RESULTS).find((name) => name.startsWith(`${runner}-of-`));
  const count = Number(first?.slice(`${runner}-of-`.length).split("-")[0] ?? 1);
  return Array.from({ length: count }, (_, index) => `${runner}-of-${count}-${index + 1}.ndjson`);
}

function namesOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOrEmpty(name) {
  try {
    return readFileSync(`${RESULTS}/${name}`, "utf8");
  } catch {
    return "";
  }
}

/** A runner that left no results counts as one failure. */
function addUnitTests(text) {
  const unit = text === "" ? {} : JSON.parse(text);
  counts.passed += unit.numPassedTests ?? 0;
  counts.failed += unit.numFailedTests ?? 1;
  counts.skipped += unit.numPendingTests ?? 0;
}

function addScenarios(text) {
  const messages = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const worst = new Map();
  for (const { testStepFinished, testCaseFinished } of messages) {
    if (testCaseFinished?.willBeRetried) throw new Error("No scenario may be tried again.");
    if (testStepFinished === undefined) continue;
    const { testCaseStartedId, testStepResult } = testStepFinished;
    const before = worst.get(testCaseStartedId) ?? "PASSED";
    if (before === "PASSED") worst.set(testCaseStartedId, testStepResult.status);
  }
  if (worst.size === 0) counts.failed += 1;
  for (const status of worst.values()) {
    counts[status === "PASSED" ? "passed" : status === "SKIPPED" ? "skipped" : "failed"] += 1;
  }
}
