import { systemClock } from "../../runner/platform/environment/environment.ts";
import { ModelProfile } from "../../runner/rehearsal/profile.ts";
import { type ScriptedModel, startScriptedModel } from "../../runner/rehearsal/scripted-model.ts";
import type { TaskScript } from "../../runner/rehearsal/task-script.ts";
import { commitsIn } from "./sample-repositories.ts";

const PROFILE = ModelProfile.parse({ tokens_per_second: 10_000_000, solve_probability: 1 });

/** A model that knows every commit of a sample, and writes the change of the one that it is asked for. */
export async function startCommitsModel(
  language: string,
  models: readonly string[],
): Promise<ScriptedModel> {
  return await startScriptedModel({
    seed: "spec",
    profiles: Object.fromEntries(models.map((model) => [model, PROFILE])),
    scripts: commitsIn(language).map(({ message, files }): TaskScript => {
      const [title = ""] = message.split("\n");
      const written = Object.entries(files).flatMap(([file, text]) =>
        text === null || /test/u.test(file) ? [] : [[file, text] as const],
      );
      const solution = { name: "solution", fails: [], files: Object.fromEntries(written) };
      return { featureId: title, title, scenarios: [title], variants: [solution] };
    }),
    clock: systemClock,
  });
}
