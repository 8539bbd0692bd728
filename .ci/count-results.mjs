// Adds up what the test runners wrote and prints the one line by which a CI run is counted.
import { readFileSync } from "node:fs";

const unit = JSON.parse(readOr(".experiment/tests/vitest.json", "{}"));
const features = readOr(".experiment/tests/cucumber.ndjson", "")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));

/** A runner that did not get as far as its results counts as one failure. */
function readOr(file, otherwise) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return otherwise;
  }
}

const counts = {
  passed: unit.numPassedTests ?? 0,
  failed: (unit.numFailedTests ?? 1) + (features.length === 0 ? 1 : 0),
  skipped: unit.numPendingTests ?? 0,
};
const worst = new Map();
for (const { testStepFinished } of features) {
  if (testStepFinished === undefined) continue;
  const { testCaseStartedId, testStepResult } = testStepFinished;
  const before = worst.get(testCaseStartedId) ?? "PASSED";
  if (before === "PASSED") worst.set(testCaseStartedId, testStepResult.status);
}
for (const status of worst.values()) {
  counts[status === "PASSED" ? "passed" : status === "SKIPPED" ? "skipped" : "failed"] += 1;
}
const retried = features.some(({ testCaseFinished }) => testCaseFinished?.willBeRetried);
if (retried) throw new Error("Scenarios are not to be tried again.");
const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
