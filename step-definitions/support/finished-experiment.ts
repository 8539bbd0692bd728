import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { AfterAll } from "@cucumber/cucumber";

import { onScriptedModel } from "./experiment-file.ts";
import { keepLedger, writeExperiment } from "./lab.ts";
import type { ExperimentWorld } from "./world.ts";

/** One run serves every scenario that looks at a finished experiment: it is copied, never changed. */
const madeFolders = new Set<string>();
let finished: Promise<string> | null = null;

/** Puts a finished experiment into the scenario's folder. */
export async function useFinishedExperiment(world: ExperimentWorld): Promise<void> {
  describe(world);
  finished ??= makeFinished(world);
  cpSync(await finished, world.file(".experiment"), { recursive: true, force: true });
  keepLedger(world);
}

function describe(world: ExperimentWorld): void {
  const providers = {
    one: onScriptedModel("builtin-agent"),
    two: onScriptedModel("builtin-agent"),
  };
  writeExperiment(world, { task: "lru-cache", providers });
}

async function makeFinished(world: ExperimentWorld): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-finished-"));
  madeFolders.add(folder);
  const work = path.join(folder, "work");
  await world.run(`experiment run --workspace-root ${work}`);
  assert.equal(world.last.exitCode, 0, world.last.stderr);
  const kept = path.join(folder, "experiment");
  cpSync(world.file(".experiment"), kept, { recursive: true });
  world.isExitCodeSeen = true;
  return kept;
}

AfterAll(function () {
  for (const folder of madeFolders) rmSync(folder, { recursive: true, force: true });
});
