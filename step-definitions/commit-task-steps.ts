import assert from "node:assert/strict";
import path from "node:path";

import { Given, Then } from "@cucumber/cucumber";
import { stringify } from "yaml";

import { gitIn } from "./support/git-facts.ts";
import type { ExperimentWorld } from "./support/world.ts";

const IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"];
const MODEL = "scripted-model";

const HIDDEN = `import assert from "node:assert";
import { test } from "node:test";
import { double } from "../src/double.js";
test("doubles", () => assert.equal(double(2), 4));
test("canary", () => assert.equal(1, 2));
`;

Given(
  "a task from a commit that asks for a function {string}, solved by:",
  async function (this: ExperimentWorld, name: string, solution: string) {
    const repo = this.file("repo");
    this.write("repo/package.json", JSON.stringify({ type: "module" }));
    this.write("repo/.gitignore", "build/\n");
    this.write(`repo/src/${name}.js`, `export const ${name} = () => undefined;\n`);
    await gitIn(repo, ["init", "--quiet", "--initial-branch=main"]);
    await gitIn(repo, ["add", "--all"]);
    await gitIn(repo, [...IDENTITY, "commit", "--quiet", "--message", "Start"]);
    const commit = (await gitIn(repo, ["rev-parse", "HEAD"])).trim();
    this.write(`repo/src/${name}.js`, `${solution}\n`);
    const patch = await gitIn(repo, ["diff"]);
    this.write("bank/double-up/solution.patch", `${patch.trimEnd()}\n`);
    this.write("bank/double-up/statement.md", `${name}(a) gives twice a.\n`);
    this.write(`bank/double-up/hidden/test/${name}.test.js`, HIDDEN);
    writeTask(this, commit, ["sh", "-c", "mkdir build && echo ready > build/ready"]);
    this.write("experiment.yaml", stringify(experiment()));
  },
);

Given("its setup says {string} and fails", async function (this: ExperimentWorld, text: string) {
  const commit = (await gitIn(this.file("repo"), ["rev-parse", "HEAD"])).trim();
  writeTask(this, commit, ["sh", "-c", `echo ${text}; exit 3`]);
});

Given("its experiment is complete", async function (this: ExperimentWorld) {
  await this.run("experiment run");
  assert.equal(this.last.exitCode, 0, this.last.stderr);
});

Then("each window ends as {string}", function (this: ExperimentWorld, outcome: string) {
  assert.deepEqual(endsOf(this, "outcome"), [outcome]);
});

Then(
  "each window ends as {string}, because:",
  function (this: ExperimentWorld, outcome: string, reason: string) {
    assert.deepEqual(endsOf(this, "outcome"), [outcome]);
    assert.deepEqual(endsOf(this, "reason"), [reason]);
  },
);

function endsOf(world: ExperimentWorld, field: string): readonly unknown[] {
  const ends = world.rowsOf("windows", "window_finalized").map((row) => row[field]);
  return [...new Set(ends)];
}

function writeTask(world: ExperimentWorld, commit: string, run: readonly string[]): void {
  const report = ["--test-reporter=tap", "--test-reporter-destination=results.tap"];
  const facts = {
    id: "double-up",
    title: "Double a number",
    language: "javascript",
    stratum: "small",
    workspace: { repo: "../../repo", commit },
    setup: { run },
    acceptance: {
      kind: "command",
      run: ["node", "--test", ...report, "test/double.test.js"],
      results: { tap: "results.tap" },
      overlay: "hidden/",
      protect: ["package.json"],
      fail_to_pass: ["doubles"],
      canaries: ["canary"],
    },
    timeout_s: 300,
    tokens_max: 100_000,
    deterministic: true,
  };
  world.write(path.join("bank", "double-up", "task.yaml"), stringify(facts));
}

function experiment() {
  const provider = { driver: "builtin-agent", model: MODEL, upstream: "models" };
  const profile = { output_tokens: 200, output_spread: 0, tokens_per_second: 10_000_000 };
  return {
    name: "commits",
    tasks: { bank: "bank", include: ["*"] },
    providers: { first: provider, second: provider },
    upstreams: { models: { scripted: { [MODEL]: profile } } },
    design: { washout_s: 0 },
  };
}
