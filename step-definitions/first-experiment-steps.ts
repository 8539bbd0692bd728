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
  "the user is in a clone of a repository in {word} with {int} commits, which a model behind ANTHROPIC_BASE_URL knows",
  async function (this: ExperimentWorld, language: string, commits: number) {
    await cloneSample(this, language, commits);
    await startModel(this);
  },
);

async function cloneSample(
  world: ExperimentWorld,
  language: string,
  commits: number,
): Promise<void> {
  languages.set(world, language);
  const outside = mkdtempSync(path.join(tmpdir(), "counterbalance-origin-"));
  world.cleanups.push(async () => {
    // Workspaces that a run keeps may be overlays.
    await endOverlays(outside);
    rmSync(outside, { recursive: true, force: true });
  });
  world.variables["COUNTERBALANCE_CACHE_DIR"] = path.join(outside, "cache");
  world.variables["HOME"] = path.join(outside, "home");
  world.variables["TMPDIR"] = path.join(outside, "tmp");
  mkdirSync(path.join(outside, "tmp"));
  await makeSample(path.join(outside, "shop"), { language, commits });
  await gitIn(world.folder, ["clone", "--quiet", path.join(outside, "shop"), "."]);
}

async function startModel(world: ExperimentWorld): Promise<void> {
  const model = await startCommitsModel(languages.get(world) ?? "", claudeCode.models ?? []);
  world.cleanups.push(() => model.stop());
  models.set(world, model);
  world.variables["ANTHROPIC_BASE_URL"] = model.url;
  world.variables["ANTHROPIC_API_KEY"] = "sk-spec-5b0c";
}

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
  "the report compares two providers on at least {int} tasks, in at most {int} min of its own time, with the tokens that the model dealt",
  async function (this: ExperimentWorld, tasks: number, minutes: number) {
    await assertCompared(this, tasks, minutes);
    assertDealt(this);
  },
);

async function assertCompared(
  world: ExperimentWorld,
  tasks: number,
  minutes: number,
): Promise<void> {
  assert.equal(world.last.exitCode, 0, world.last.stdout + world.last.stderr);
  world.isExitCodeSeen = true;
  const { stdout } = await runProcess(world, ["experiment", "report", "--json"]);
  const report: { readonly providers: readonly unknown[] } = JSON.parse(stdout);
  assert.equal(report.providers.length, 2);
  const ends = finalRows(world);
  assert.ok(new Set(ends.map((row) => row.feature_id)).size >= tasks, stdout);
  assert.deepEqual(
    ends.map(({ outcome, reason }) => [outcome, reason]),
    ends.map(() => ["pass", null]),
  );
  const ownMs = ownTimes.get(world) ?? Infinity;
  assert.ok(ownMs <= minutes * MS_PER_MINUTE, `It took ${String(ownMs)} ms of its own time.`);
}

function assertDealt(world: ExperimentWorld): void {
  const answered = models
    .get(world)
    ?.dealt()
    .filter(({ status }) => status === 200);
  assert.ok(answered !== undefined && answered.length > 0, "The model dealt nothing.");
  assert.deepEqual(
    sumUsage(finalRows(world).map(({ usage }) => usage)),
    sumUsage(answered.map(({ usage }) => usage)),
  );
}
