import assert from "node:assert/strict";
import { globSync } from "node:fs";
import path from "node:path";

import { Given, Then } from "@cucumber/cucumber";
import { stringify } from "yaml";

import { endOverlays } from "../runner/setup/clone-folder.ts";
import { gitIn } from "./support/git-facts.ts";
import { installAgent } from "./support/made-up-agent.ts";
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
    this.variables["COUNTERBALANCE_CACHE_DIR"] = this.file("cache");
    this.variables["TMPDIR"] = this.file("tmp");
    this.write("tmp/.keep", "");
    // Workspaces that a run keeps may be overlays.
    this.cleanups.push(() => endOverlays(this.folder));
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

Given(
  "its providers start a {string} that {}",
  function (this: ExperimentWorld, name: string, behaviour: string) {
    installAgent(this, { name, behaviour });
    const provider = { driver: "claude-code", model: MODEL, upstream: "models" };
    this.write("experiment.yaml", stringify(experiment(provider)));
  },
);

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

const BUILTIN = { driver: "builtin-agent", model: MODEL, upstream: "models" };

function experiment(provider = BUILTIN) {
  const profile = { output_tokens: 200, output_spread: 0, tokens_per_second: 10_000_000 };
  return {
    name: "commits",
    tasks: { bank: "bank", include: ["*"] },
    providers: { first: provider, second: provider },
    upstreams: { models: { scripted: { [MODEL]: profile, any: profile } } },
    design: { washout_s: 0 },
  };
}
