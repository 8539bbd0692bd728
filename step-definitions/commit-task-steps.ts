import assert from "node:assert/strict";
import { globSync } from "node:fs";
import path from "node:path";

import { Given, Then } from "@cucumber/cucumber";

import { type CommitTaskParts, writeCommitTask, writeProvider } from "./support/commit-task.ts";
import { FORGED } from "./support/forged-work.ts";
import { installAgent } from "./support/made-up-agent.ts";
import type { ExperimentWorld } from "./support/world.ts";

const HIDDEN = `import assert from "node:assert";
import { test } from "node:test";
import { double } from "../src/double.js";
test("doubles", () => assert.equal(double(2), 4));
test("canary", () => assert.equal(1, 2));
`;
const REPORT = ["--test-reporter=tap", "--test-reporter-destination=results.tap"];

export const DOUBLE: CommitTaskParts = {
  title: "Double a number",
  statement: "double(a) gives twice a.\n",
  language: "javascript",
  repository: {
    "package.json": JSON.stringify({ type: "module" }),
    ".gitignore": "build/\n",
    "src/double.js": "export const double = () => undefined;\n",
    "src/old.js": "export const old = true;\n",
  },
  hidden: { "test/double.test.js": HIDDEN },
  work: {},
  acceptance: {
    run: ["node", "--test", ...REPORT, "test/double.test.js"],
    results: { tap: "results.tap" },
    protect: ["package.json"],
    fail_to_pass: ["doubles"],
    canaries: ["canary"],
  },
  setup: { run: ["sh", "-c", "mkdir build && echo ready > build/ready"] },
};

Given(
  "a task from a commit that asks for a function double, solved by:",
  async function (this: ExperimentWorld, solution: string) {
    await writeCommitTask(this, { ...DOUBLE, work: { "src/double.js": `${solution}\n` } });
  },
);

Given(
  "a task from a commit that asks for the file {string} to be removed",
  async function (this: ExperimentWorld, file: string) {
    const test = `import assert from "node:assert";
import { existsSync } from "node:fs";
import { test } from "node:test";
test("doubles", () => assert.equal(existsSync(${JSON.stringify(file)}), false));
test("canary", () => assert.equal(1, 2));
`;
    const hidden = { "test/double.test.js": test };
    await writeCommitTask(this, { ...DOUBLE, hidden, work: { [file]: null } });
  },
);

Given(
  "{word} work that {}",
  async function (this: ExperimentWorld, language: string, does: string) {
    const task = FORGED[language];
    const work = task?.works[does];
    assert.ok(
      task !== undefined && work !== undefined,
      `There is no ${language} work that ${does}.`,
    );
    const statement = "total(prices) adds up prices.\n";
    await writeCommitTask(this, { ...task, title: "Add up prices", language, statement, work });
  },
);

Given(
  "its providers start a {string} that {}",
  function (this: ExperimentWorld, name: string, behaviour: string) {
    installAgent(this, { name, behaviour });
    writeProvider(this, { driver: "claude-code", model: "any", upstream: "models" });
  },
);

Then(
  "the agent of each window has printed {string}",
  function (this: ExperimentWorld, text: string) {
    const captures = globSync(".experiment/captures/*/W*.jsonl", { cwd: this.folder });
    const printed = captures.map((file) => this.read(file).trim());
    assert.deepEqual(printed, [text, text]);
  },
);

Then(
  "the folder of each window has what its agent changed, and no copy of the repository",
  function (this: ExperimentWorld) {
    const bases = globSync("tmp/counterbalance-*/*/W0-*", { cwd: this.folder });
    assert.equal(bases.length, 2);
    for (const base of bases) {
      const changed = path.join(base, "workspace.layers/upper/build/ready");
      assert.equal(this.read(changed), "ready\nchanged\n");
      assert.equal(this.exists(path.join(base, "workspace.layers/upper/src/double.js")), false);
    }
  },
);
