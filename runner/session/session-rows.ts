import { latestOf } from "../../ledger/views/experiment-fact.ts";
import { toolVersion } from "../package-folder.ts";
import type { ExperimentRun } from "./experiment-run.ts";
import type { Journal } from "./journal.ts";
import { amendmentsOf, describeSettings } from "./register-experiment.ts";
import type { SessionEnd } from "./run-session.ts";

type OpeningRun = Pick<
  ExperimentRun,
  "experiment" | "view" | "providers" | "workspaceRoot" | "environment" | "stopWhen"
>;

/** Records the session's opening, and an amendment if budgets, limits or paths differ from the last session's. */
export async function openSession(run: OpeningRun, journal: Journal): Promise<string> {
  const { experiment, view, environment } = run;
  const experimentId = experiment.plan.experimentId;
  const sessionId = environment.randomId();
  const conditions = run.stopWhen.map(({ text }) => text);
  const settings = {
    ...describeSettings(experiment.configuration),
    stop_when: conditions.length === 0 ? null : conditions,
  };
  const last = latestOf(view.sessions.values());
  const opened = {
    record: "session_opened",
    experiment_id: experimentId,
    session_id: sessionId,
    resumed: last !== undefined,
    settings,
    versions: versionsOf(run),
  };
  const amended = last === undefined ? {} : amendmentsOf(last.settings, settings);
  const amendment = { record: "experiment_amended", experiment_id: experimentId, amended };
  const isAmended = Object.keys(amended).length > 0;
  await journal.write("experiments", isAmended ? [amendment, opened] : [opened]);
  return sessionId;
}

export async function closeSession({
  run,
  journal,
  sessionId,
  reason,
}: {
  readonly run: Pick<ExperimentRun, "experiment">;
  readonly journal: Journal;
  readonly sessionId: string;
  readonly reason: SessionEnd["reason"] | "failed";
}): Promise<void> {
  await journal.write("experiments", [
    {
      record: "session_closed",
      experiment_id: run.experiment.plan.experimentId,
      session_id: sessionId,
      reason,
    },
  ]);
  await journal.checkpoint();
}

function versionsOf({ providers, environment }: OpeningRun): Record<string, string> {
  return {
    counterbalance: toolVersion(),
    node: process.version,
    platform: environment.platform,
    ...Object.fromEntries(providers.map(({ driver, version }) => [driver.name, version])),
  };
}
