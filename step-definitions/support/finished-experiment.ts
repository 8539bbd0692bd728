import assert from "node:assert/strict";
import { rmSync } from "node:fs";

import { z } from "zod";

import { addRow, correctionOf } from "./corrections.ts";
import { onScriptedModel } from "./experiment-file.ts";
import { runKept } from "./kept-runs.ts";
import { keepLedger, writeExperiment } from "./lab.ts";
import type { ExperimentWorld } from "./world.ts";

/** Puts a finished experiment into the scenario's folder. */
export async function useFinishedExperiment(world: ExperimentWorld): Promise<void> {
  const providers = {
    one: onScriptedModel("builtin-agent"),
    two: onScriptedModel("builtin-agent", true),
  };
  writeExperiment(world, { task: "lru-cache", providers });
  // Its workspaces are kept with it.
  await runKept(world, "--workspace-root work");
  assert.equal(world.last.exitCode, 0, world.last.stderr);
  world.isExitCodeSeen = true;
  keepLedger(world);
}

/** Puts an experiment into the scenario's folder whose registration names no rule of quality. */
export async function useFormerExperiment(world: ExperimentWorld, id: string): Promise<void> {
  await useFinishedExperiment(world);
  const [registered] = world.rowsOf("experiments", "experiment_registered");
  assert.ok(registered !== undefined);
  const { supersedes: _, ...row } = correctionOf(registered, { experiment_id: id });
  const { analysis, ...rest } = Registered.parse(registered["registration"]);
  const { quality: _rule, ...former } = analysis;
  rmSync(world.file(".experiment/ledger"), { recursive: true });
  await addRow(world, "experiments", {
    ...row,
    record: "experiment_registered",
    registration: { ...rest, analysis: former },
  });
  keepLedger(world);
}

const Registered = z.looseObject({ analysis: z.looseObject({}) });
