import { PassThrough } from "node:stream";

import { prepareExperiment } from "../../runner/experiment/session/prepare-experiment.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";
import type { ExperimentWorld } from "./world.ts";

const SEEDS_MAX = 50;

/** The first seed whose plan of the scenario's experiment begins with the given provider. */
export function seedThatStartsWith(world: ExperimentWorld, provider: string): string {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    if (firstProvider(world, String(seed)) === provider) return String(seed);
  }
  throw new Error(`No plan begins with ${provider}.`);
}

function firstProvider(world: ExperimentWorld, seed: string): string | undefined {
  const { plan } = prepareExperiment(
    { seed },
    {
      clock: systemClock,
      cwd: world.folder,
      variables: world.variables,
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      isRoot: false,
      canMount: false,
      platform: process.platform,
      randomId: () => crypto.randomUUID(),
      onInterrupt: () => () => undefined,
    },
  );
  return plan.sets[0]?.windows[0]?.provider;
}
