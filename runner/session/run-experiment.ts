import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Plan } from "../assignment/plan.ts";
import { pricedPeaks } from "../assignment/priced-peaks.ts";
import type { BudgetAdmission } from "../budgets/budget-admission.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import { budgetStatus } from "../budgets/budget-status.ts";
import { COST_BASIS } from "../config/cost-measure.ts";
import type { Environment } from "../environment.ts";
import { createSessionRules, type SessionRules } from "../looks/session-rules.ts";
import { createAgentWorker } from "../windows/agent-worker.ts";
import { AttemptTraffic } from "../windows/attempt-traffic.ts";
import type { WindowWorker } from "../windows/window-worker.ts";
import type { ExperimentRun } from "./experiment-run.ts";
import { type Journal, openJournal } from "./journal.ts";
import { openBook } from "./open-book.ts";
import { type OpenProxy, openProxy } from "./open-proxy.ts";
import type { OtherSpenders } from "./other-spenders.ts";
import { recoverAttempts } from "./recover-attempts.ts";
import { registerExperiment } from "./register-experiment.ts";
import { runSession, type SessionEnd } from "./run-session.ts";
import { createBudgetGate } from "./session-budget-gate.ts";
import type { SessionObserver } from "./session-observer.ts";
import { SessionRecorder } from "./session-recorder.ts";
import { closeSession, openSession } from "./session-rows.ts";
import { createSetHours } from "./set-hours.ts";
import { settleOrphans } from "./settle-orphans.ts";
import { replayedUpstreams, startUpstreams } from "./start-upstreams.ts";

const RETRY_DELAY_MS = 1000;

/** The system's temporary folder: outside of every repository. */
export function defaultWorkspaceRoot({ variables }: Environment): string {
  return variables["TMPDIR"] ?? tmpdir();
}

/** The folder below a root with the workspaces of all experiments of a user. */
export function workspacesBelow(root: string): string {
  return path.join(root, `counterbalance-${userInfo().username}`);
}

/** Registers or resumes the experiment, and works its windows until nothing more may start. */
export async function runExperiment(run: ExperimentRun): Promise<SessionEnd> {
  const { experiment, view, store, environment } = run;
  const journal = openJournal(store, (row) => view.fold(row));
  await registerExperiment(experiment.plan, { view, journal });
  await settleOrphans(store.read("budgets"), { plan: experiment.plan, journal });
  // The observer reads the budgets, and the budgets report to the observer.
  const watched: { observer?: SessionObserver } = {};
  const { book, admission, others } = openBook({
    configuration: experiment.configuration,
    experimentId: experiment.plan.experimentId,
    journal,
    clock: environment.clock,
    say: (sentence) => watched.observer?.noted(sentence),
  });
  const observer = run.observe(() => budgetStatus(book));
  watched.observer = observer;
  const nowMs = environment.clock.nowMs();
  const { cost: measure, providers } = experiment.configuration;
  const telemetry = store.read("proxy_telemetry");
  const recovered = await recoverAttempts({
    view,
    journal,
    measure,
    providers,
    telemetry,
    nowMs,
  });
  if (recovered.length > 0) {
    observer.noted(`Ended what an earlier run had left open: ${recovered.join(", ")}.`);
  }
  const sessionId = await openSession(run, journal);
  let end: SessionEnd | null = null;
  try {
    end = await workWindows({ run, journal, book, others, admission, sessionId, observer });
    return end;
  } finally {
    await closeSession({ run, journal, sessionId, reason: end?.reason ?? "failed" });
  }
}

/** The parts that one session works with. */
interface Session {
  readonly run: ExperimentRun;
  readonly journal: Journal;
  readonly book: BudgetBook;
  readonly others: OtherSpenders;
  readonly admission: BudgetAdmission;
  readonly sessionId: string;
  readonly observer: SessionObserver;
}

async function workWindows(session: Session): Promise<SessionEnd> {
  const { run, journal } = session;
  const { design } = run.experiment.configuration;
  const traffic = new AttemptTraffic(run.environment.clock);
  const opened = await openSessionProxy(session, traffic);
  try {
    return await runSession(
      {
        plan: run.experiment.plan,
        observer: session.observer,
        rules: await openRules(session),
        recorder: createRecorder(session),
        worker: createWorker(session, traffic, opened),
        budgets: createBudgetGate({
          book: session.book,
          tasks: run.experiment.tasks,
          view: run.view,
          catchUp: () => session.others.catchUp(),
        }),
        hours: createSetHours(pricedPeaks(run.experiment.configuration), run.environment.clock),
        wait,
        concurrency: design.concurrency,
        washoutMs: design.washoutMs,
        retryDelayMs: RETRY_DELAY_MS,
      },
      run.signal,
    );
  } finally {
    await opened.close();
    await journal.settled();
  }
}

async function openSessionProxy(session: Session, traffic: AttemptTraffic): Promise<OpenProxy> {
  const { run, journal, observer } = session;
  const { experiment, environment, replay } = run;
  const { configuration } = experiment;
  const placeOf = createPlaceFinder(experiment.plan);
  return await openProxy({
    ...session,
    ...run,
    configuration,
    isIntercepting: configuration.providers.some(({ via }) => via === "mitm"),
    startUpstreams: async () =>
      replay === null
        ? await startUpstreams(configuration, experiment.tasks.values(), environment)
        : replayedUpstreams(replay.origin, { isToldLane: true }),
    onRequestSettled: (request) => {
      journal.post("proxy_telemetry", [{ ...request, ...placeOf(request.window) }]);
      traffic.settled(request);
      observer.spent();
    },
  });
}

/** Finds the place of a window in the design, for rows that know only its name. */
function createPlaceFinder({ sets }: Plan) {
  const windows = sets.flatMap((set) => set.windows);
  const places = new Map(
    windows.map(({ window, featureId, replicate, period }) => [
      window,
      { feature_id: featureId, replicate, period },
    ]),
  );
  return (window: string) => places.get(window);
}

async function openRules({ run, journal, observer }: Session): Promise<SessionRules> {
  const { view, store, experiment, stopWhen: conditions } = run;
  const { gates } = experiment.configuration;
  const rules = createSessionRules({ view, store, journal, observer, gates, conditions });
  // An earlier session may have ended before its looks, and halts may no longer hold.
  await rules.afterWindow();
  return rules;
}

function createRecorder({ run, journal, sessionId }: Session): SessionRecorder {
  const { view, environment, experiment } = run;
  return new SessionRecorder({
    experimentId: experiment.plan.experimentId,
    sessionId,
    journal,
    view,
    clock: environment.clock,
    basis: COST_BASIS,
    measure: experiment.configuration.cost,
    providers: experiment.configuration.providers,
    randomId: environment.randomId,
  });
}

function createWorker(
  { run, book }: Session,
  traffic: AttemptTraffic,
  { proxy, upstreams, authority }: OpenProxy,
): WindowWorker {
  const { experiment, environment } = run;
  const workspaces = workspacesBelow(run.workspaceRoot);
  const { experimentId } = experiment.plan;
  // Each ledger has its own folder, because two ledgers may run the same experiment at once.
  return createAgentWorker({
    configuration: experiment.configuration,
    tasks: experiment.tasks,
    providers: run.providers,
    isReplay: run.replay !== null,
    proxy,
    book,
    traffic,
    upstreamOf: (provider) => upstreams.upstreamOf(provider),
    authority,
    routesOf: (provider) => ({
      rules: upstreams.routesOf(provider),
      seed: experiment.configuration.seed,
    }),
    workspaceRoot: path.join(workspaces, `${experimentId}-${run.store.ledgerId.slice(-8)}`),
    hidden: [experiment.configuration.bank, run.folder.root, workspaces],
    captures: run.folder.captures,
    environment,
    atOnce: run.atOnce,
  });
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  // An aborted wait is no failure: the session then looks at the signal.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
