import type { Configuration } from "../../plan/config/configuration.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { readCommandScript } from "../../rehearsal/read-command-script.ts";
import { readTaskScript } from "../../rehearsal/read-task-script.ts";
import { type ScriptedModel, startScriptedModel } from "../../rehearsal/scripted-model.ts";
import type { TaskScript } from "../../rehearsal/task-script.ts";
import { loadVariants } from "../../tasks/bank/load-variants.ts";
import type { Task } from "../../tasks/bank/task.ts";

/** Starts the scripted model servers that a configuration names, by the names of their upstreams. */
export async function startScripted(
  { upstreams, seed }: Configuration,
  tasks: Iterable<Task>,
  environment: Environment,
): Promise<ReadonlyMap<string, ScriptedModel>> {
  if (upstreams.every(({ kind }) => kind === "remote")) return new Map();
  const { clock } = environment;
  const scripts: TaskScript[] = [];
  for (const task of tasks) {
    scripts.push(
      task.kind === "gherkin"
        ? readTaskScript(task, loadVariants(task))
        : await readCommandScript(task, environment),
    );
  }
  const servers = new Map<string, ScriptedModel>();
  for (const upstream of upstreams) {
    if (upstream.kind === "remote") continue;
    const { profiles } = upstream;
    // One at a time: each is ready in a millisecond.
    servers.set(upstream.name, await startScriptedModel({ seed, profiles, scripts, clock }));
  }
  return servers;
}
