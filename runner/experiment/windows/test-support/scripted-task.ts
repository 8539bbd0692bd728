import path from "node:path";

import { onTestFinished } from "vitest";

import { systemClock } from "../../../platform/environment/environment.ts";
import { packageFolder } from "../../../platform/environment/package-folder.ts";
import { ModelProfile } from "../../../rehearsal/profile.ts";
import { readTaskScript } from "../../../rehearsal/read-task-script.ts";
import { startScriptedModel } from "../../../rehearsal/scripted-model.ts";
import { loadTaskBank } from "../../../tasks/bank/load-task-bank.ts";
import { loadVariants } from "../../../tasks/bank/load-variants.ts";
import { requireGherkin } from "../../../tasks/bank/require-gherkin.ts";

export const MODEL = "model-one";

export function theTask() {
  const [task] = loadTaskBank(path.join(packageFolder(), "task-bank"), ["lru-cache"]);
  if (task === undefined) throw new Error("The bank has no such task.");
  return task;
}

export async function scripted(profile: Partial<ModelProfile>) {
  const task = theTask();
  const server = await startScriptedModel({
    seed: "spec",
    profiles: { [MODEL]: ModelProfile.parse(profile) },
    scripts: [readTaskScript(requireGherkin(task), loadVariants(task))],
    clock: systemClock,
  });
  onTestFinished(() => server.stop());
  return server;
}
