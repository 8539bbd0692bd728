// Adds up what the test runners wrote and prints the one line by which a CI run is counted.
import { readFileSync } from "node:fs";

const unit = JSON.parse(readFileSync(".experiment/tests/vitest.json", "utf8"));
const features = readFileSync(".experiment/tests/cucumber.ndjson", "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));

const counts = { passed: unit.numPassedTests, failed: unit.numFailedTests, skipped: unit.numPendingTests };
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
