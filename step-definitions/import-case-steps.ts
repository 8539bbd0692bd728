import assert from "node:assert/strict";
import { globSync, readdirSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";

import { endOverlays } from "../runner/platform/git/clone-folder.ts";
import { gitIn } from "./support/git-facts.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const PROJECT = { type: "module", scripts: { test: "node --test" } };
const IMPORTS = 'import assert from "node:assert";\nimport { test } from "node:test";\n';
const ADDS = 'test("adds", () => assert.equal(sum(1, 2), 3));\n';
/** Runs of a proof share a home. The third run finds two letters there, and fails. */
const SOMETIMES = `import { appendFileSync, readFileSync } from "node:fs";
const count = process.env.HOME + "/count";
test("sometimes", () => { appendFileSync(count, "x"); assert.ok(sum(1, 2) === 3 && readFileSync(count).length !== 3); });
`;
const places = new WeakMap<ExperimentWorld, string>();

Given(
  "a repository {string} whose latest commit adds a test that fails now and then",
  async function (this: ExperimentWorld, repo: string) {
    await makeRepository(this, repo, ".");
    await commitSum(this, repo, "sum", SOMETIMES);
  },
);

Given(
  "a repository {string} with a project in {string}",
  async function (this: ExperimentWorld, repo: string, folder: string) {
    await makeRepository(this, repo, folder);
    await commitSum(this, repo, "sum");
  },
);

Given("another commit of the same kind", async function (this: ExperimentWorld) {
  await commitSum(this, "shop", "total");
});

When(
  "I run {string} and press Ctrl-C while it proves its second task",
  async function (this: ExperimentWorld, line: string) {
    this.start(line);
    const { running } = this;
    assert.ok(running !== null);
    await waitUntil(
      () => running.printed().split("Proving ").length === 3,
      () => running.printed(),
    );
    running.interrupt();
    await this.finish();
  },
);

Then(
  "the bank {string} has {int} task, and no half-made task is next to it",
  function (this: ExperimentWorld, bank: string, tasks: number) {
    assert.equal(readdirSync(this.file(bank)).length, tasks);
    assert.deepEqual(globSync(".*-importing", { cwd: this.folder }), []);
  },
);

/** A repository with a first commit, and the folder of its project. */
async function makeRepository(world: ExperimentWorld, repo: string, folder: string): Promise<void> {
  world.variables["COUNTERBALANCE_CACHE_DIR"] = world.file("cache");
  world.cleanups.push(() => endOverlays(world.folder));
  places.set(world, path.join(repo, folder));
  world.write(path.join(repo, folder, "package.json"), JSON.stringify(PROJECT));
  world.write(path.join(repo, "other/test/broken.test.js"), "throw new Error();\n");
  await gitIn(world.file(repo), ["init", "--quiet", "--initial-branch=main"]);
  await commit(world, repo, "Begin");
}

/** A commit with a function and its test. */
async function commitSum(
  world: ExperimentWorld,
  repo: string,
  name: string,
  more = "",
): Promise<void> {
  const place = places.get(world) ?? repo;
  const source = `export function sum(one, other) {\n  return one + other;\n}\n`;
  world.write(path.join(place, `src/${name}.js`), source);
  const own = `import { sum } from "../src/${name}.js";\n`;
  world.write(path.join(place, `test/${name}.test.js`), IMPORTS + own + ADDS + more);
  await commit(world, repo, `Add up two numbers by sum of src/${name}.js`);
}

async function commit(world: ExperimentWorld, repo: string, message: string): Promise<void> {
  const folder = world.file(repo);
  await gitIn(folder, ["add", "--all"]);
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"];
  await gitIn(folder, [...identity, "commit", "--quiet", "--message", message]);
}
