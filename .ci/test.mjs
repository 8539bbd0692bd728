/**
 * Runs the unit tests and the specs, the long ones with `long`. Both run, so that a failure of the first hides none of
 * the second. What was skipped is named at the end.
 */
import path from "node:path";

import { execa } from "execa";

import { readResults } from "./read-results.mjs";

const [length] = process.argv.slice(2);
const kind = length === undefined ? "" : `:${length}`;
const failed = [];
for (const half of [`unit${kind}`, `features${kind}`]) {
  const { exitCode } = await execa("npm", ["run", half], { stdio: "inherit", reject: false });
  if (exitCode !== 0) failed.push(half);
}

const { skipped, skippedFiles, skippedScenarios } = readResults(
  ".experiment/tests",
  length === "long",
);
if (skipped > 0) {
  console.log("\nSkipped here (CONTRIBUTING.md names the optional programs):");
  for (const { name, count } of skippedFiles) {
    console.log(`  ${path.relative("", name)}: ${count} ${count === 1 ? "test" : "tests"}`);
  }
  for (const name of skippedScenarios) console.log(`  ${name}`);
}
if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
