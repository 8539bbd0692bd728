import assert from "node:assert/strict";

import { onScriptedModel } from "./experiment-file.ts";
import { runKept } from "./kept-runs.ts";
import { keepLedger, writeExperiment } from "./lab.ts";
import type { ExperimentWorld } from "./world.ts";

/** Puts a finished experiment into the scenario's folder. */
export async function useFinishedExperiment(world: ExperimentWorld): Promise<void> {
  const providers = {
    one: onScriptedModel("builtin-agent"),
    two: onScriptedModel("builtin-agent"),
  };
  writeExperiment(world, { task: "lru-cache", providers });
  // Its workspaces are kept with it.
  await runKept(world, "--workspace-root work");
  assert.equal(world.last.exitCode, 0, world.last.stderr);
  world.isExitCodeSeen = true;
  keepLedger(world);
}
