import { existsSync, readdirSync, readFileSync } from "node:fs";

/**
 * The results that the unit tests and the specs left in a folder, short or long.
 * @returns counts, and the names of what was skipped. A runner that left no results counts as one failure.
 */
export function readResults(folder, isLong = false) {
  const end = isLong ? "-long" : "";
  const unit = readUnitTests(`${folder}/vitest${end}.json`);
  const specs = shardsOf(folder, `cucumber${end}`).map(readScenarios);
  const all = [unit, ...specs];
  return {
    passed: sumOf(all, ({ passed }) => passed),
    failed: sumOf(all, ({ failed }) => failed),
    skipped: sumOf(all, ({ skipped }) => skipped),
    skippedFiles: unit.files,
    skippedScenarios: specs.flatMap(({ scenarios }) => scenarios).toSorted(),
  };
}

function sumOf(all, read) {
  return all.reduce((sum, each) => sum + read(each), 0);
}

/** As many files as their names promise, whether they are there or not. */
function shardsOf(folder, runner) {
  // Not globSync: CI counts with the machine's own Node, which may be older than ours.
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const first = files.find((file) => file.startsWith(`${runner}-of-`));
  const count = Number(/-of-(?<count>\d+)-/u.exec(first ?? "")?.groups?.count ?? 1);
  return Array.from(
    { length: count },
    (_, index) => `${folder}/${runner}-of-${count}-${index + 1}.ndjson`,
  );
}

function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function readUnitTests(file) {
  const text = readOrEmpty(file);
  const unit = text === "" ? {} : JSON.parse(text);
  return {
    passed: unit.numPassedTests ?? 0,
    // A file that can't be loaded has no tests that fail.
    failed: Math.max(unit.numFailedTests ?? 1, unit.success === false ? 1 : 0),
    skipped: unit.numPendingTests ?? 0,
    files: (unit.testResults ?? []).flatMap(({ name, assertionResults }) => {
      const skipped = assertionResults.filter(({ status }) => status === "skipped");
      return skipped.length === 0 ? [] : [{ name, count: skipped.length }];
    }),
  };
}

function readScenarios(file) {
  const messages = readOrEmpty(file)
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
  const skipped = [...worst].flatMap(([id, status]) => (status === "SKIPPED" ? [id] : []));
  const passed = [...worst.values()].filter((status) => status === "PASSED").length;
  return {
    passed,
    failed: worst.size === 0 ? 1 : worst.size - passed - skipped.length,
    skipped: skipped.length,
    scenarios: skipped.map((id) => nameOf(id, messages)),
  };
}

/** `features/isolation/doctor.feature:5 With a sandbox, every attempt is stopped`. */
function nameOf(startedId, messages) {
  const find = (kind, id) => messages.find((message) => message[kind]?.id === id)?.[kind];
  const testCase = find("testCase", find("testCaseStarted", startedId)?.testCaseId);
  const { uri, location, name } = find("pickle", testCase?.pickleId) ?? {};
  return `${uri}:${location?.line} ${name}`;
}
