import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";
import { ModelProfile } from "../../runner/rehearsal/profile.ts";
import { readTaskScript } from "../../runner/rehearsal/read-task-script.ts";
import { type ScriptedModel, startScriptedModel } from "../../runner/rehearsal/scripted-model.ts";
import { loadTaskBank } from "../../runner/tasks/bank/load-task-bank.ts";
import { loadVariants } from "../../runner/tasks/bank/load-variants.ts";
import { requireGherkin } from "../../runner/tasks/bank/require-gherkin.ts";
import { shortBank } from "./short-bank.ts";

/** The models that the server plays, so that two providers differ. */
export const SERVER_MODELS = ["model-one", "model-two"] as const;

/** A scripted model server that belongs to the scenario, not to the run. */
export async function startCountingServer(
  profile: Partial<ModelProfile> = {},
): Promise<ScriptedModel> {
  const played = ModelProfile.parse(profile);
  return await startScriptedModel({
    seed: "spec",
    profiles: Object.fromEntries(SERVER_MODELS.map((model) => [model, played])),
    scripts: loadTaskBank(shortBank(), ["*"]).map((task) =>
      readTaskScript(requireGherkin(task), loadVariants(task)),
    ),
    clock: systemClock,
  });
}

/** What it dealt, by model. */
export function dealtByModel(server: ScriptedModel): Readonly<Record<string, Usage>> {
  const answered = server.dealt().filter(({ status }) => status === 200);
  return Object.fromEntries(
    SERVER_MODELS.map((model) => [
      model,
      sumUsage(answered.filter((dealt) => dealt.model === model).map(({ usage }) => usage)),
    ]),
  );
}
