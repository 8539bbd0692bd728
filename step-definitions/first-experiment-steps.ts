import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";

import { sumUsage } from "../ledger/domain/usage.ts";
import { claudeCode } from "../runner/drivers/claude-code.ts";
import type { ScriptedModel } from "../runner/rehearsal/scripted-model.ts";
import { endOverlays } from "../runner/setup/clone-folder.ts";
import { startCommitsModel } from "./support/commits-model.ts";
import { gitIn } from "./support/git-facts.ts";
import { installGlobally } from "./support/installed-globally.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { runProcess } from "./support/run-process.ts";
import { makeSample } from "./support/sample-repositories.ts";
import type { ExperimentWorld } from "./support/world.ts";

const languages = new WeakMap<ExperimentWorld, string>();
const models = new WeakMap<ExperimentWorld, ScriptedModel>();

Given("the packed program is installed globally", async function (this: ExperimentWorld) {
  const node = path.dirname(process.execPath);
  this.variables["PATH"] = [await installGlobally(), node, process.env["PATH"]].join(
    path.delimiter,
  );
});

Given(
  "the user stands in a clone of a repository in {word} with {int} commits",
  async function (this: ExperimentWorld, language: string, commits: number) {
    languages.set(this, language);
    const outside = mkdtempSync(path.join(tmpdir(), "counterbalance-origin-"));
    this.cleanups.push(async () => {
      // Workspaces that a run keeps may be overlays.
      await endOverlays(outside);
      rmSync(outside, { recursive: true, force: true });
    });
    this.variables["COUNTERBALANCE_CACHE_DIR"] = path.join(outside, "cache");
    this.variables["HOME"] = path.join(outside, "home");
    this.variables["TMPDIR"] = path.join(outside, "tmp");
    mkdirSync(path.join(outside, "tmp"));
    await makeSample(path.join(outside, "shop"), { language, commits });
    await gitIn(this.folder, ["clone", "--quiet", path.join(outside, "shop"), "."]);
  },
);

Given(
  "a model behind ANTHROPIC_BASE_URL knows these commits",
  async function (this: ExperimentWorld) {
    const model = await startCommitsModel(languages.get(this) ?? "", claudeCode.models ?? []);
    this.cleanups.push(() => model.stop());
    models.set(this, model);
    this.variables["ANTHROPIC_BASE_URL"] = model.url;
    this.variables["ANTHROPIC_API_KEY"] = "sk-spec-5b0c";
  },
);

When("the user runs {string}", async function (this: ExperimentWorld, line: string) {
  // The shell says at its end what it and its children computed.
  this.last = await runProcess(this, ["bash", "-c", `${line}; code=$?; times >&2; exit $code`]);
});

Then(
  "the report compares two providers on at least {int} tasks, in at most {int} s of computing time",
  async function (this: ExperimentWorld, tasks: number, seconds: number) {
    assert.equal(this.last.exitCode, 0, this.last.stdout + this.last.stderr);
    this.isExitCodeSeen = true;
    const { stdout } = await execa("experiment", ["report", "--json"], {
      cwd: this.folder,
      env: this.variables,
      extendEnv: false,
    });
    const report: { readonly providers: readonly unknown[] } = JSON.parse(stdout);
    assert.equal(report.providers.length, 2);
    const ends = finalRows(this);
    assert.ok(new Set(ends.map((row) => row.feature_id)).size >= tasks, stdout);
    assert.deepEqual(
      ends.map(({ outcome, reason }) => [outcome, reason]),
      ends.map(() => ["pass", null]),
    );
    assert.ok(secondsOf(this.last.stderr) <= seconds, this.last.stderr);
  },
);

Then("the ledger has the tokens that the model dealt", function (this: ExperimentWorld) {
  const answered = models
    .get(this)
    ?.dealt()
    .filter(({ status }) => status === 200);
  assert.ok(answered !== undefined && answered.length > 0, "The model dealt nothing.");
  assert.deepEqual(
    sumUsage(finalRows(this).map(({ usage }) => usage)),
    sumUsage(answered.map(({ usage }) => usage)),
  );
});

/** Reads e.g. `0m1.250s 0m0.500s`, in two lines: the shell, and its children. */
function secondsOf(times: string): number {
  return [...times.matchAll(/(?<minutes>\d+)m(?<seconds>[\d.]+)s/gu)]
    .slice(-4)
    .reduce(
      (sum, { groups }) => sum + 60 * Number(groups?.["minutes"]) + Number(groups?.["seconds"]),
      0,
    );
}
