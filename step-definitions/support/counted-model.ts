import { systemClock } from "../../runner/platform/environment/environment.ts";
import type { DealtAnswer } from "../../runner/rehearsal/exchange.ts";
import { ModelProfile } from "../../runner/rehearsal/profile.ts";
import { readTaskScript } from "../../runner/rehearsal/read-task-script.ts";
import { startScriptedModel } from "../../runner/rehearsal/scripted-model.ts";
import { loadTaskBank } from "../../runner/tasks/bank/load-task-bank.ts";
import { loadVariants } from "../../runner/tasks/bank/load-variants.ts";
import { requireGherkin } from "../../runner/tasks/bank/require-gherkin.ts";
import { useUpstreamAt } from "./own-upstream.ts";
import { shortBank } from "./short-bank.ts";
import { SMALL_MODELS } from "./small-experiment.ts";
import type { ExperimentWorld } from "./world.ts";

/** Faulty now and then, so that errors are there to be counted. */
const PROFILE = ModelProfile.parse({ tokens_per_second: 10_000_000, fault_rate: 0.3 });

const dealt = new WeakMap<ExperimentWorld, () => readonly DealtAnswer[]>();

/** Writes a small experiment on a scripted model of the scenario's own, which knows what it dealt. */
export async function useCountedModel(world: ExperimentWorld): Promise<void> {
  const tasks = loadTaskBank(shortBank(), ["lru-cache"]);
  const model = await startScriptedModel({
    seed: "spec",
    profiles: Object.fromEntries(SMALL_MODELS.map((name) => [name, PROFILE])),
    scripts: tasks.map((task) => readTaskScript(requireGherkin(task), loadVariants(task))),
    clock: systemClock,
  });
  world.cleanups.push(() => model.stop());
  dealt.set(world, () => model.dealt());
  useUpstreamAt(world, model.url);
}

/** What the model dealt, request by request. */
export function dealtTo(world: ExperimentWorld): readonly DealtAnswer[] {
  const read = dealt.get(world);
  if (read === undefined) throw new Error("The scenario has no model that keeps count.");
  return read();
}
