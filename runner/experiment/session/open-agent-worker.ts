import path from "node:path";

import type { Usage } from "../../../ledger/domain/usage.ts";
import { repositoryAround } from "../../agents/sandbox/wrap-agent.ts";
import type { BudgetAdmission } from "../../gateway/budgets/budget-admission.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import type { Recorder } from "../../gateway/proxy/recording/record.ts";
import type { ReplayServer } from "../../gateway/proxy/recording/replay.ts";
import { AttemptTraffic } from "../../gateway/traffic/attempt-traffic.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import { type DataFolder, logsFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { workspacesBelow } from "../../tasks/workspaces/workspace-root.ts";
import { openProxy } from "../serving/open-proxy.ts";
import type { Journal } from "../spending/journal.ts";
import { createAgentWorker } from "../windows/agent-worker.ts";
import { agentRunner } from "../windows/run-agent.ts";
import type { WindowWorker } from "../windows/window-worker.ts";
import type { Experiment } from "./prepare-experiment.ts";

/** What real agents need to work the windows of an experiment. */
export interface AgentSession {
  readonly experiment: Experiment;
  readonly providers: readonly ReadyProvider[];
  readonly folder: DataFolder;
  readonly workspaceRoot: string;
  readonly environment: Environment;
  /** The ledger that the journal writes to. */
  readonly ledgerId: string;
  readonly journal: Journal;
  readonly book: BudgetBook;
  readonly admission: BudgetAdmission;
  /** Records the requests and answers; null records none. */
  readonly recorder: Recorder | null;
  /** Answers in place of every upstream; null sends requests to the upstreams. */
  readonly replay: ReplayServer | null;
  /** Called with the usage of each settled request. */
  readonly onSettled: (usage: Usage | null) => void;
  readonly atOnce: AbortSignal;
}

/** What works windows, and has to be closed. */
export interface OpenedWorker {
  readonly worker: WindowWorker;
  readonly close: () => Promise<void>;
}

/** Opens the session's proxy, and the worker whose agents reach their models through it. */
export async function openAgentWorker(session: AgentSession): Promise<OpenedWorker> {
  const { experiment, folder, environment, journal, book, replay } = session;
  const { configuration, plan, tasks } = experiment;
  const traffic = new AttemptTraffic(environment.clock);
  const placeOf = placesIn(plan);
  const opened = await openProxy({
    configuration,
    folder,
    environment,
    book,
    admission: session.admission,
    recorder: session.recorder,
    replay,
    isIntercepting: configuration.providers.some(({ via }) => via === "mitm"),
    tasks: tasks.values(),
    isToldLane: true,
    writeRow: ({ request_count: count, ...row }) => {
      const counted = count === undefined ? {} : { request_count: count };
      journal.post("proxy_telemetry", [{ ...row, ...placeOf(row.window), ...counted }]);
    },
    onRequestSettled: (request) => {
      traffic.settled(request);
      session.onSettled(request.usage ?? null);
    },
  });
  const { proxy, upstreams, authority, secrets, close } = opened;
  const { captures } = folder;
  const workspaces = workspacesBelow(session.workspaceRoot);
  const runAgent = agentRunner({
    configuration,
    proxy,
    book,
    traffic,
    upstreams,
    authority,
    hidden: [repositoryAround(configuration.bank), environment.cwd, folder.root, workspaces],
    captures,
    logs: logsFolder(folder, plan.experimentId),
    secrets,
    environment,
    atOnce: session.atOnce,
  });
  const worker = createAgentWorker({
    configuration,
    tasks,
    providers: session.providers,
    runAgent,
    book,
    traffic,
    secrets,
    isReplay: replay !== null,
    // Each ledger has its own folder, because two ledgers may run the same experiment at once.
    workspaceRoot: path.join(workspaces, `${plan.experimentId}-${session.ledgerId.slice(-8)}`),
    captures,
    environment,
  });
  return { worker, close };
}

/** Rows of requests know only the name of their window. */
function placesIn({ sets }: Experiment["plan"]) {
  const places = new Map(
    sets
      .flatMap((set) => set.windows)
      .map(({ window, featureId: feature_id, replicate, period }) => [
        window,
        { feature_id, replicate, period },
      ]),
  );
  return (window: string) => places.get(window);
}
