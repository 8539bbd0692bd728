import { probeBubblewrap } from "../../../agents/sandbox/find-bubblewrap.ts";
import { planData } from "../../../experiment/planned/plan-data.ts";
import { chooseWorkspaceRoot, prepareRun } from "../../../experiment/session/prepare-run.ts";
import { showCommandLine } from "../../../plan/providers/check-providers.ts";
import type { CodeOf } from "../../definition.ts";
import { done } from "../../result.ts";
import type { plan as definition } from "./definition.ts";
import { showPlan } from "./show.ts";

/** Shows exactly what `run` would do, and runs nothing. */
export const plan: CodeOf<typeof definition> = async (options, environment) => {
  const { experiment, folder } = await prepareRun(options, environment);
  const { providers, telemetry } = experiment.configuration;
  const commandLines = await Promise.all(
    providers.map((provider) => showCommandLine(provider, { telemetry }, environment)),
  );
  const workspaceRoot = await chooseWorkspaceRoot(options, environment);
  const sandbox = await probeBubblewrap(environment);
  const isSandboxed = sandbox.file !== undefined;
  const place = { experiment, folder, commandLines, workspaceRoot, isSandboxed, environment };
  const data = planData(place);
  if (options.json === true) return done(JSON.stringify(data, null, 2));
  return done(await showPlan({ data, experiment, sandbox, environment }));
};
