import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import type { StopCondition } from "../../../reports/gate/stop-condition.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import type { Journal } from "../spending/journal.ts";
import type { Experiment } from "./prepare-experiment.ts";
import { amendmentsOf, describeSettings } from "./register-experiment.ts";
import type { SessionEnd } from "./run-session.ts";

interface SessionStart {
  readonly experiment: Pick<Experiment, "configuration" | "plan">;
  readonly providers: readonly ReadyProvider[];
  readonly stopWhen: readonly StopCondition[];
  readonly folder: Pick<DataFolder, "given" | "store">;
  readonly environment: Pick<Environment, "randomId" | "platform">;
  readonly view: ExperimentView;
}

/** Records the session's opening, and an amendment if budgets, limits or paths differ from the last session's. */
export async function openSession(start: SessionStart, journal: Journal): Promise<string> {
  const { experiment, stopWhen, folder, view } = start;
  const { configuration, plan } = experiment;
  const { experimentId } = plan;
  const sessionId = start.environment.randomId();
  const conditions = stopWhen.map(({ text }) => text);
  const settings = {
    ...describeSettings(configuration, folder),
    stop_when: conditions.length === 0 ? null : conditions,
  };
  const last = latestOf(view.sessions.values());
  const opened = {
    record: "session_opened",
    experiment_id: experimentId,
    session_id: sessionId,
    resumed: last !== undefined,
    settings,
    versions: versionsOf(start),
  };
  const amended = last === undefined ? {} : amendmentsOf(last.settings, settings);
  const amendment = { record: "experiment_amended", experiment_id: experimentId, amended };
  const isAmended = Object.keys(amended).length > 0;
  await journal.write("experiments", isAmended ? [amendment, opened] : [opened]);
  return sessionId;
}

function versionsOf({ providers, environment }: SessionStart): Record<string, string> {
  return {
    counterbalance: toolVersion(),
    node: process.version,
    platform: environment.platform,
    ...Object.fromEntries(providers.map(({ driver, version }) => [driver.name, version])),
  };
}

interface OpenedSession {
  readonly experimentId: string;
  readonly sessionId: string;
  readonly journal: Journal;
}

export async function closeSession(
  { experimentId, sessionId, journal }: OpenedSession,
  reason: SessionEnd["reason"] | "failed",
): Promise<void> {
  const closed = { record: "session_closed", experiment_id: experimentId, session_id: sessionId };
  const { h: checkpoint } = await journal.checkpoint();
  await journal.write("experiments", [{ ...closed, reason, checkpoint }]);
  await journal.checkpoint();
}
