import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { type DataTable, Given, Then } from "@cucumber/cucumber";

import { endOverlays } from "../runner/platform/git/clone-folder.ts";
import { findExecutable } from "../runner/platform/processes/find-executable.ts";
import type { ImportResult } from "../runner/tasks/import/import-tasks.ts";
import { startCommitsModel } from "./support/commits-model.ts";
import { SERVER_MODELS } from "./support/counting-server.ts";
import { onServer } from "./support/experiment-file.ts";
import { gitIn } from "./support/git-facts.ts";
import { labOf, writeExperiment } from "./support/lab.ts";
import { makeSample } from "./support/sample-repositories.ts";
import { makeUnfitRepository } from "./support/unfit-repository.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** Programs of npm packages are on the PATH of the specs; the sandbox has those of the system. */
const TOOLS: Readonly<Record<string, { readonly npm: string[]; readonly system: string[] }>> = {
  Go: { npm: [], system: ["go"] },
  Python: { npm: [], system: ["python3", "pytest"] },
  TypeScript: { npm: ["vitest"], system: [] },
};
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

const languages = new WeakMap<ExperimentWorld, string>();

Given(
  "Claude Code and the tools for {word} are installed",
  async function (this: ExperimentWorld, language: string) {
    const { npm, system } = TOOLS[language] ?? { npm: [], system: [] };
    const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-programs-"));
    this.cleanups.push(() => rmSync(folder, { recursive: true }));
    const missing: string[] = [];
    for (const name of ["claude", ...npm]) {
      const file = await findExecutable(name, process.env["PATH"]);
      if (file === undefined) missing.push(name);
      else symlinkSync(file, path.join(folder, name));
    }
    for (const name of system) {
      if ((await findExecutable(name, SYSTEM_PATH)) === undefined) missing.push(name);
    }
    // No other agent's CLI is installed here.
    const node = path.dirname(process.execPath);
    this.variables["PATH"] = [folder, node, SYSTEM_PATH].join(path.delimiter);
    if (missing.length === 0) return undefined;
    assert.notEqual(process.env["CI"], "true", `${missing.join(", ")} not found.`);
    return "skipped";
  },
);

Given(
  "the tasks of a repository in {word} with {int} commits are imported",
  async function (this: ExperimentWorld, language: string, commits: number) {
    languages.set(this, language);
    this.variables["COUNTERBALANCE_CACHE_DIR"] = this.file("cache");
    // Workspaces that a run keeps may be overlays.
    this.cleanups.push(() => endOverlays(this.folder));
    await makeSample(this.file("shop"), { language, commits });
    await this.run("experiment task import --repo shop");
    this.isExitCodeSeen = true;
    assert.equal(this.last.exitCode, 0, this.last.stdout + this.last.stderr);
  },
);

Given(
  "a repository {string} whose commits all lack something",
  async function (this: ExperimentWorld, folder: string) {
    await makeUnfitRepository(this.file(folder));
  },
);

Given(
  "a repository {string} whose tests can't be built",
  async function (this: ExperimentWorld, folder: string) {
    const git = async (...args: readonly string[]) =>
      await gitIn(this.file(folder), [
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@b.invalid",
        ...args,
      ]);
    this.write(`${folder}/Cargo.toml`, '[package]\nname = "shop"\nversion = "0.1.0"\n');
    this.write(`${folder}/src/lib.rs`, "pub fn total() {}\n");
    await git("init", "--quiet");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "Begin");
    this.write(`${folder}/src/lib.rs`, "pub fn total() {\n");
    this.write(`${folder}/tests/total.rs`, "#[test]\nfn total() {}\n");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "Break it");
  },
);

Given(
  "a clone {string} of {string} that has the last commit only",
  async function (this: ExperimentWorld, clone: string, source: string) {
    const address = `file://${this.file(source)}`;
    await gitIn(this.folder, ["clone", "--quiet", "--depth=1", address, clone]);
  },
);

Given(
  "a repository {string} without tests",
  async function (this: ExperimentWorld, folder: string) {
    const place = this.file(folder);
    mkdirSync(place, { recursive: true });
    await gitIn(place, ["init", "--quiet"]);
    for (const name of ["one", "two"]) {
      this.write(`${folder}/${name}.txt`, name);
      await gitIn(place, ["add", "."]);
      const identity = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"];
      await gitIn(place, [...identity, "commit", "--quiet", "--message", `Note ${name}`]);
    }
  },
);

Given(
  "an experiment of these tasks with two Claude Code providers whose model knows the commits",
  async function (this: ExperimentWorld) {
    const lab = labOf(this);
    const model = await startCommitsModel(languages.get(this) ?? "", SERVER_MODELS);
    this.cleanups.push(() => model.stop());
    lab.server = model;
    lab.serverUrl = model.url;
    const [one, two] = SERVER_MODELS;
    const providers = { one: onServer("claude-code", one), two: onServer("claude-code", two) };
    writeExperiment(this, { bank: "task-bank", task: "*", providers });
  },
);

Then("no line that it prints has more than 80 columns", function (this: ExperimentWorld) {
  const lines = this.last.stdout.split("\n");
  assert.deepEqual(
    lines.filter((line) => line.length > 80),
    [],
  );
});

Then("these commits are left out:", function (this: ExperimentWorld, table: DataTable) {
  const { commits }: ImportResult = JSON.parse(this.last.stdout);
  assert.deepEqual(
    commits.map(({ subject, why }) => [subject === "" ? "(none)" : subject, why]),
    table.rows(),
  );
});
