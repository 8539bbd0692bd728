import { planPower } from "../../../reports/gate/plan-power.ts";
import { planQuality } from "../../../reports/gate/plan-quality.ts";
import { planVerdicts } from "../../../reports/gate/plan-verdicts.ts";
import {
  checkBalance,
  type StratumBalance,
} from "../../../reports/statistics/randomisation/draw-assignment.ts";
import { checkRows } from "../../plan/assignment/check-rows.ts";
import type { Registration } from "../../plan/assignment/plan.ts";
import type { ShownCommandLine } from "../../plan/providers/check-providers.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { Experiment } from "../session/prepare-experiment.ts";
import { describeSettings } from "../session/register-experiment.ts";
import { sayNoRoom } from "../session/say-no-room.ts";
import { planCredentials } from "./plan-credentials.ts";
import { planHours, planTime } from "./plan-hours.ts";

/** A typical spread of log ratios; ±35 %. */
export const TYPICAL_SD = 0.3;
/** How many experiments show a chance. */
export const SIMULATED = 1000;

interface PlanPlace {
  readonly experiment: Experiment;
  readonly folder: DataFolder;
  readonly commandLines: readonly ShownCommandLine[];
  readonly workspaceRoot: string;
  readonly isSandboxed: boolean;
  readonly environment: Environment;
}

/** What a run would do, as `plan --json` prints it. The text is made from it. */
export type PlanData = ReturnType<typeof planData>;

export function planData({
  experiment,
  folder,
  commandLines,
  workspaceRoot,
  isSandboxed,
  environment,
}: PlanPlace) {
  const { plan, configuration } = experiment;
  return {
    experiment_id: plan.experimentId,
    sha256: plan.sha256,
    registration: plan.registration satisfies Registration,
    ...powerOf(experiment),
    balance: configuration.providers.length === 2 ? balanceOf(experiment) : checkRows(plan.sets),
    hours: planHours(experiment),
    time: planTime(experiment),
    settings: describeSettings(configuration, folder),
    no_window_fits: sayNoRoom(experiment, environment),
    command_lines: commandLines,
    workspace_root: workspaceRoot,
    network: configuration.network,
    agent_isolation: isSandboxed ? "bubblewrap" : "none",
    credentials: planCredentials(configuration),
  };
}

/** What the chosen tasks can show: about cost by spread, about quality, and of the gates' verdict. */
function powerOf({ plan: { sets }, tasks, configuration: { gates, seed } }: Experiment) {
  const ids = new Set(sets.map(({ featureId }) => featureId));
  // Tasks of one family count as one.
  const features = new Set([...ids].map((id) => tasks.get(id)?.family ?? id)).size;
  return {
    independent_tasks: features,
    power: planPower(features, gates),
    quality: planQuality(features, gates),
    verdicts: planVerdicts({ features, sd: TYPICAL_SD, rootSeed: seed, reps: SIMULATED }, gates),
  };
}

function balanceOf({ plan: { sets }, configuration }: Experiment): readonly StratumBalance[] {
  // Each cohort is drawn separately, so its blocks are balanced separately.
  const assigned = sets.flatMap(({ stratum, sequence, cohort = 1 }) =>
    sequence === "AB" || sequence === "BA"
      ? [
          {
            stratum: cohort === 1 ? stratum : `${stratum}, cohort ${String(cohort)}`,
            sequence,
          } as const,
        ]
      : [],
  );
  return checkBalance(assigned, configuration.design.blockSize);
}
