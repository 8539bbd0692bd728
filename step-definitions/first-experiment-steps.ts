import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";

import { sumUsage } from "../ledger/domain/usage.ts";
import { claudeCode } from "../runner/agents/drivers/claude-code.ts";
import { endOverlays } from "../runner/platform/git/clone-folder.ts";
import type { ScriptedModel } from "../runner/rehearsal/scripted-model.ts";
import { OwnTime, readProcessTree } from "../runner/tasks/grading/own-time.ts";
import { startCommitsModel } from "./support/commits-model.ts";
import { gitIn } from "./support/git-facts.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { runProcess } from "./support/run-process.ts";
import { makeSample } from "./support/sample-repositories.ts";
import type { ExperimentWorld } from "./support/world.ts";

const languages = new WeakMap<ExperimentWorld, string>();
const models = new WeakMap<ExperimentWorld, ScriptedModel>();
/** What the last line took, without the time in which other processes kept it from running. */
const ownTimes = new WeakMap<ExperimentWorld, number>();
const MS_PER_MINUTE = 60_000;

Given(
  "the user is in a clone of a repository in {word} with {int} commits",
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

/** For a hang: proofs, agents and gradings of several tasks follow each other. */
const LINE_MS_MAX = 25 * 60_000;
const SAMPLE_MS = 1000;

When("the user runs {string}", async function (this: ExperimentWorld, line: string) {
  const child = execa("bash", ["-c", line], {
    cwd: this.folder,
    env: this.variables,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: LINE_MS_MAX,
    stripFinalNewline: false,
  });
  const own = new OwnTime(4 * SAMPLE_MS);
  let ownMs = 0;
  const sample = () => {
    ownMs += own.sample(performance.now(), readProcessTree(child.pid));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  const { exitCode = -1, stdout, stderr } = await child;
  clearInterval(timer);
  this.last = { exitCode, stdout, stderr };
  ownTimes.set(this, ownMs);
});

Then(
  "the report compares two providers on at least {int} tasks, in at most {int} min of its own time",
  async function (this: ExperimentWorld, tasks: number, minutes: number) {
    assert.equal(this.last.exitCode, 0, this.last.stdout + this.last.stderr);
    this.isExitCodeSeen = true;
    const { stdout } = await runProcess(this, ["experiment", "report", "--json"]);
    const report: { readonly providers: readonly unknown[] } = JSON.parse(stdout);
    assert.equal(report.providers.length, 2);
    const ends = finalRows(this);
    assert.ok(new Set(ends.map((row) => row.feature_id)).size >= tasks, stdout);
    assert.deepEqual(
      ends.map(({ outcome, reason }) => [outcome, reason]),
      ends.map(() => ["pass", null]),
    );
    const ownMs = ownTimes.get(this) ?? Infinity;
    assert.ok(ownMs <= minutes * MS_PER_MINUTE, `It took ${String(ownMs)} ms of its own time.`);
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
