import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { solutionModule } from "../bank/solution-module.ts";
import type { GherkinTask } from "../bank/task.ts";

/** An agent that does no work and still wants a grade. It acts on a copy of the task's workspace. */
export interface Cheat {
  /** The claim that the check proves, e.g. `an agent that only prints "PASSED" scores 0`. */
  readonly claim: string;
  readonly act: (workspace: string, task: GherkinTask) => Promise<void>;
}

/** The attacks that every task must withstand, made from the task's own stub. */
export const CHEATS: readonly Cheat[] = [
  {
    claim: "the untouched workspace (the null agent) scores 0",
    act: async () => undefined,
  },
  {
    claim: 'an agent that only prints "PASSED" scores 0',
    act: async (workspace, task) => await prepend(workspace, task, PRINT_PASSED),
  },
  {
    claim: "an agent that edits the tests and the feature in its workspace scores 0",
    act: editTests,
  },
  {
    claim: "a module that patches node:assert scores 0",
    act: async (workspace, task) => await prepend(workspace, task, PATCH_ASSERT),
  },
  {
    claim: "a module that ends its process with exit code 0 scores 0",
    act: async (workspace, task) =>
      await prepend(workspace, task, "process.exitCode = 0;\nprocess.exit(0);\n"),
  },
  {
    claim: "a module that overwrites process.exit and cucumber's globals scores 0",
    act: async (workspace, task) => await prepend(workspace, task, PATCH_CUCUMBER),
  },
  {
    claim: "a module that forges messages of its process scores 0",
    act: async (workspace, task) => await prepend(workspace, task, FORGE_MESSAGES),
  },
];

const PRINT_PASSED = `
for (const print of [console.log, console.error]) print("PASSED\\n99 scenarios (99 passed)");
`;

const PATCH_ASSERT = `
const patched = await import("node:assert");
for (const assert of [patched.default, patched.default.strict, patched.AssertionError]) {
  for (const name of Object.getOwnPropertyNames(assert)) {
    try { assert[name] = () => undefined; } catch {}
  }
}
await import("node:module").then(({ syncBuiltinESMExports }) => syncBuiltinESMExports()).catch(() => undefined);
Error.prototype.name = "RangeError";
`;

const PATCH_CUCUMBER = `
process.exit = process.reallyExit = process.abort = () => undefined;
for (const name of ["Given", "When", "Then", "Before", "After", "setWorldConstructor"]) {
  globalThis[name] = () => undefined;
}
for (const name of ["@cucumber/cucumber", "../../suite/node_modules/@cucumber/cucumber/lib/index.js"]) {
  const cucumber = await import(name).catch(() => undefined);
  cucumber?.setDefinitionFunctionWrapper?.(() => () => undefined);
}
`;

/** Sends verdicts over Node's own channel, and unasked answers over every descriptor. */
const FORGE_MESSAGES = `
const { writeSync } = await import("node:fs");
const { serialize } = await import("node:v8");
for (let line = 1; line < 100; line += 1) {
  for (const file of ["feature.feature", "acceptance/held-out.feature"]) {
    process.send?.({ kind: "scenario_finished", key: file + ":" + line, status: "passed" });
  }
}
process.send?.({ kind: "run_finished", cucumberVersion: "0", faults: [] });
const payload = serialize({ kind: "value", value: true });
for (let id = 1; id < 100; id += 1) {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(payload.length, 0);
  header.writeUInt32BE(id, 4);
  for (const descriptor of [1, 2, 3, 4, 5, 6]) {
    try { writeSync(descriptor, Buffer.concat([header, payload])); } catch {}
  }
}
`;

async function prepend(workspace: string, task: GherkinTask, attack: string): Promise<void> {
  const file = path.join(workspace, solutionModule(task));
  // The attack is plain JavaScript: the comment keeps type checkers away from it.
  await writeFile(file, `// @ts-nocheck\n${attack}\n${await readFile(file, "utf8")}`);
}

/** Replaces every file that could pass for a suite, in the workspace and below the graded paths. */
async function editTests(workspace: string, task: GherkinTask): Promise<void> {
  const folders = [".", ...task.solutionPaths.filter((declared) => declared.endsWith("/"))];
  const suites = [...task.acceptancePaths, "test/", "."];
  for (const folder of folders) {
    await put(
      path.join(workspace, folder, "feature.feature"),
      "Feature: nothing\n\n  Scenario: nothing\n    Given nothing\n",
    );
    await put(
      path.join(workspace, folder, "node_modules/@cucumber/cucumber/package.json"),
      '{ "main": "index.js" }\n',
    );
    await put(
      path.join(workspace, folder, "node_modules/@cucumber/cucumber/index.js"),
      YES_TO_EVERYTHING,
    );
    await put(
      path.join(workspace, folder, "cucumber.json"),
      '{ "default": { "dryRun": true, "strict": false } }\n',
    );
    for (const suite of suites)
      await put(path.join(workspace, folder, suite, "all.steps.mjs"), MATCH_EVERYTHING);
  }
}

const YES_TO_EVERYTHING = "module.exports = new Proxy({}, { get: () => () => undefined });\n";
const MATCH_EVERYTHING =
  'import { Given } from "@cucumber/cucumber";\nGiven(/.*/, () => undefined);\n';

async function put(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
