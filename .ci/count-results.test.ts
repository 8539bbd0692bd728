import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa } from "execa";
import { afterEach, expect, test } from "vitest";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("CI's last line adds up all runners, under the Node of the machine", async () => {
  const { stdout, exitCode } = await count(["PASSED", "PASSED", "SKIPPED"]);
  expect(stdout.split("\n").at(-1)).toBe("12 passed, 0 failed, 4 skipped");
  expect(exitCode).toBe(0);
});

test("a scenario that failed fails the run", async () => {
  const { stdout, exitCode } = await count(["PASSED", "FAILED"]);
  expect(stdout.split("\n").at(-1)).toBe("8 passed, 4 failed");
  expect(exitCode).toBe(1);
});

/** Counts two unit tests and these scenarios, in two processes each, in the short run and in the long one. */
async function count(statuses: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), "count-"));
  folders.push(folder);
  writeResults(path.join(folder, ".experiment/tests"), statuses);
  writeResults(path.join(folder, ".experiment/tests-of-fresh-machine"), ["PASSED"]);
  return execa("node", [path.join(import.meta.dirname, "count-results.mjs"), "0"], {
    cwd: folder,
    reject: false,
    env: { PATH: pathOfMachine() },
  });
}

function writeResults(folder: string, statuses: string[]) {
  mkdirSync(folder, { recursive: true });
  for (const end of ["", "-long"]) {
    const unit = { success: true, numPassedTests: 2, numFailedTests: 0 };
    writeFileSync(path.join(folder, `vitest${end}.json`), JSON.stringify(unit));
    for (const shard of [1, 2]) {
      writeFileSync(path.join(folder, `cucumber${end}-of-2-${shard}.ndjson`), messages(statuses));
    }
  }
}

function messages(statuses: string[]) {
  const finished = statuses.map((status, index) => ({
    testStepFinished: { testCaseStartedId: `${index}`, testStepResult: { status } },
  }));
  return finished.map((message) => JSON.stringify(message)).join("\n");
}

/** Without the folder of this repository's Node, which npm puts first. */
function pathOfMachine() {
  const all = process.env["PATH"]?.split(path.delimiter) ?? [];
  return all.filter((folder) => !folder.includes("node_modules")).join(path.delimiter);
}
