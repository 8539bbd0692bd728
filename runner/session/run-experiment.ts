import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { LedgerStore } from "../../ledger/store/store.ts";
import type { ExperimentFold } from "../../ledger/views/experiment-view.ts";
import type { StopCondition } from "../../reports/decisions/stop-condition.ts";
import type { Plan } from "../assignment/plan.ts";
import { pricedPeaks } from "../assignment/priced-peaks.ts";
import type { BudgetAdmission } from "../budgets/budget-admission.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import { type BudgetStatus, budgetStatus } from "../budgets/budget-status.ts";
import { COST_BASIS } from "../config/cost-basis.ts";
import type { Environment } from "../environment.ts";
import type { ReadyProvider } from "../providers/check-providers.ts";
import { type Authority, openAuthority } from "../proxy/mitm/authority.ts";
import { VENDOR_HOSTS } from "../proxy/mitm/intercept.ts";
import type { Proxy } from "../proxy/proxy.ts";
import { startProxy } from "../proxy/start-proxy.ts";
import type { Recorder } from "../proxy/tape/record.ts";
import type { ReplayServer } from "../proxy/tape/replay.ts";
import { createAgentWorker } from "../windows/agent-worker.ts";
import { AttemptTraffic } from "../windows/attempt-traffic.ts";
import type { DataFolder } from "./data-folder.ts";
import { type Journal, openJournal } from "./journal.ts";
import { openBook } from "./open-book.ts";
import type { OtherSpenders } from "./other-spenders.ts";
import type { Experiment } from "./prepare-experiment.ts";
import { leaveNotice } from "./proxy-notice.ts";
import { recoverAttempts } from "./recover-attempts.ts";
import { registerExperiment } from "./register-experiment.ts";
import { runSession, type SessionEnd } from "./run-session.ts";
import { createBudgetGate } from "./session-budget-gate.ts";
import type { SessionObserver } from "./session-observer.ts";
import { SessionRecorder } from "./session-recorder.ts";
import { closeSession, openSession } from "./session-rows.ts";
import { createSessionRules, type SessionRules } from "./session-rules.ts";
import { settleOrphans } from "./settle-orphans.ts";
import { replayedUpstreams, type RunningUpstreams, startUpstreams } from "./start-upstreams.ts";
import { createUnitHours } from "./unit-hours.ts";
import type { WindowWorker } from "./window-worker.ts";

/** An experiment and all that it is run with. */
export interface ExperimentRun {
  readonly experiment: Experiment;
  readonly providers: readonly ReadyProvider[];
  readonly store: LedgerStore;
  /** Folded from the store; it takes in what the run adds. */
  readonly view: ExperimentFold;
  readonly folder: DataFolder;
  readonly workspaceRoot: string;
  readonly environment: Environment;
  /** Watches the run; it is told how to read the budgets once they are there. */
  readonly observe: (budgets: () => readonly BudgetStatus[]) => SessionObserver;
  /** Keeps what passes; null where nobody asked for it. */
  readonly recorder: Recorder | null;
  /** Answers in place of every upstream; null: the upstreams themselves. */
  readonly replay: ReplayServer | null;
  /** The operator's own stop rules. */
  readonly stopWhen: readonly StopCondition[];
  /** A first Ctrl-C. */
  readonly signal: AbortSignal;
  /** A second one. */
  readonly atOnce: AbortSignal;
}

const RETRY_DELAY_MS = 1000;

/** The system's temporary folder: outside of every repository. */
export function defaultWorkspaceRoot({ variables }: Environment): string {
  return variables["TMPDIR"] ?? tmpdir();
}

/** The folder below a root that holds the workspaces of all of a user's experiments. */
export function workspacesBelow(root: string): string {
  return path.join(root, `counterbalance-${userInfo().username}`);
}

/** Registers the experiment, or goes on with it, and works its windows until nothing more may start. */
export async function runExperiment(run: ExperimentRun): Promise<SessionEnd> {
  const { experiment, view, store, environment } = run;
  const journal = openJournal(store, (row) => view.fold(row));
  await registerExperiment(experiment.plan, { view, journal });
  await settleOrphans(store.read("budgets"), { plan: experiment.plan, journal });
  // Who watches is told how to read the budgets, and told of them: both know of one another.
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

/** What one session's windows are worked with. */
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
  const doors = await openDoors(session, traffic);
  try {
    return await runSession(
      {
        plan: run.experiment.plan,
        observer: session.observer,
        rules: await openRules(session),
        recorder: createRecorder(session),
        worker: createWorker(session, traffic, doors),
        budgets: createBudgetGate({
          book: session.book,
          tasks: run.experiment.tasks,
          view: run.view,
          catchUp: () => session.others.catchUp(),
        }),
        hours: createUnitHours(pricedPeaks(run.experiment.configuration), run.environment.clock),
        wait,
        concurrency: design.concurrency,
        washoutMs: design.washoutMs,
        retryDelayMs: RETRY_DELAY_MS,
      },
      run.signal,
    );
  } finally {
    await doors.close();
    await journal.settled();
  }
}

/** The ways to the models: the scripted servers, where there are some, and the proxy before all. */
interface Doors {
  readonly proxy: Proxy;
  readonly authority: Authority | null;
  readonly upstreams: RunningUpstreams;
  close(): Promise<void>;
}

async function openDoors(session: Session, traffic: AttemptTraffic): Promise<Doors> {
  const { run, journal, book, admission, observer } = session;
  const { experiment, environment } = run;
  const { replay, recorder } = run;
  const upstreams =
    replay === null
      ? await startUpstreams(experiment.configuration, experiment.tasks.values(), environment)
      : replayedUpstreams(replay.origin);
  const placeOf = createPlaceFinder(experiment.plan);
  const authority = await openAuthorityFor(run);
  const statusKey = environment.randomId();
  const proxy = await startProxy({
    clock: environment.clock,
    statusKey,
    ...(authority === null ? {} : { interception: { authority, hosts: VENDOR_HOSTS } }),
    readBudgets: () => budgetStatus(book),
    admission,
    randomId: environment.randomId,
    ...(recorder === null ? {} : { recorder }),
    priceOf: (...request) => experiment.configuration.prices.dollars(...request),
    onRequestSettled: (request) => {
      journal.post("proxy_telemetry", [{ ...request, ...placeOf(request.window) }]);
      traffic.settled(request);
      observer.spent();
    },
  });
  const notice = { origin: proxy.origin, key: statusKey, pid: process.pid };
  const takeAway = leaveNotice(run.folder, notice);
  return {
    proxy,
    authority,
    upstreams,
    close: async () => {
      takeAway();
      await proxy.stop();
      await upstreams.stop();
    },
  };
}

/** Made only where a provider asks for it. */
async function openAuthorityFor({ experiment, folder, environment }: ExperimentRun) {
  const { providers } = experiment.configuration;
  if (providers.every(({ via }) => via !== "mitm")) return null;
  return await openAuthority(path.join(folder.root, "mitm"), environment.clock);
}

/** Finds where in the design a window stands, for rows that know only its name. */
function createPlaceFinder({ units }: Plan) {
  const windows = units.flatMap((unit) => unit.windows);
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
  // What an earlier session left undone, and what holds no more.
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

function createWorker({ run, book }: Session, traffic: AttemptTraffic, doors: Doors): WindowWorker {
  const { experiment, environment } = run;
  const workspaces = workspacesBelow(run.workspaceRoot);
  const { experimentId } = experiment.plan;
  // The same experiment may be run in two ledgers at once; each has a folder of its own.
  return createAgentWorker({
    configuration: experiment.configuration,
    tasks: experiment.tasks,
    providers: run.providers,
    isReplay: run.replay !== null,
    proxy: doors.proxy,
    book,
    traffic,
    upstreamOf: (provider) => doors.upstreams.upstreamOf(provider),
    authority: doors.authority,
    routesOf: (provider) => ({
      rules: doors.upstreams.routesOf(provider),
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
  // Interrupted waiting is how a session learns that it has to stop; it then looks at the signal.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
