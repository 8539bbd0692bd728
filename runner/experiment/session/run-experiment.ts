import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { isManual } from "../../../ledger/domain/design.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import type { StopCondition } from "../../../reports/decisions/stop-condition.ts";
import { repositoryAround } from "../../agents/sandbox/wrap-agent.ts";
import type { BudgetAdmission } from "../../gateway/budgets/budget-admission.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { budgetStatus, type BudgetStatus } from "../../gateway/budgets/budget-status.ts";
import type { Recorder } from "../../gateway/proxy/recording/record.ts";
import type { ReplayServer } from "../../gateway/proxy/recording/replay.ts";
import { AttemptTraffic } from "../../gateway/traffic/attempt-traffic.ts";
import { pricedPeaks } from "../../plan/assignment/hours.ts";
import { rolesIn } from "../../plan/config/configuration.ts";
import { COST_BASIS } from "../../plan/config/cost-measure.ts";
import { createSessionRules, type SessionRules } from "../../plan/looks/session-rules.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import { type DataFolder, logsFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import { type OpenProxy, openProxy } from "../serving/open-proxy.ts";
import { findGoneProxies } from "../serving/proxy-lock.ts";
import { type BudgetCounter, openCounter } from "../spending/budget-counter.ts";
import { type Journal, openJournal } from "../spending/journal.ts";
import { openBook } from "../spending/open-book.ts";
import type { OtherSpenders } from "../spending/other-spenders.ts";
import { createBudgetGate } from "../spending/session-budget-gate.ts";
import { settleOrphans } from "../spending/settle-orphans.ts";
import { createAgentWorker } from "../windows/agent-worker.ts";
import type { WindowWorker } from "../windows/window-worker.ts";
import type { Experiment } from "./prepare-experiment.ts";
import { ProviderHealth } from "./provider-health.ts";
import { ProviderSlots } from "./provider-slots.ts";
import { recoverAttempts } from "./recover-attempts.ts";
import { amendmentsOf, describeSettings, registerExperiment } from "./register-experiment.ts";
import { runSession, type SessionEnd } from "./run-session.ts";
import type { SessionObserver } from "./session-parts.ts";
import { SessionRecorder } from "./session-recorder.ts";
import { createSetHours } from "./set-hours.ts";

const RETRY_DELAY_MS = 1000;
/** A provider that no configuration has any more. */
const SOLO = { workflow: "solo" } as const;

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
  const { experiment, view, store } = run;
  const journal = openJournal(store, (row) => view.fold(row));
  await registerExperiment(experiment.plan, { view, journal });
  const counter = await openCounter(run.folder, run.environment.randomId(), journal);
  try {
    return await runCounted(run, journal, counter);
  } finally {
    counter.close();
  }
}

async function runCounted(
  run: ExperimentRun,
  journal: Journal,
  counter: BudgetCounter,
): Promise<SessionEnd> {
  const { experiment, view, store, environment } = run;
  await settleOrphans(store.read("budgets"), { plan: experiment.plan, journal });
  // The observer reads the budgets, and the budgets report to the observer.
  const watched: { observer?: SessionObserver } = {};
  const { book, admission, others } = openBook({
    configuration: experiment.configuration,
    experimentId: experiment.plan.experimentId,
    journal,
    counter,
    isOverall: isBeside(run),
    clock: environment.clock,
    say: (sentence) => watched.observer?.noted(sentence),
  });
  const observer = run.observe(() => budgetStatus(book));
  watched.observer = observer;
  const recovered = await recoverAttempts({
    view,
    journal,
    configuration: experiment.configuration,
    telemetry: store.read("proxy_telemetry"),
    nowMs: environment.clock.nowMs(),
  });
  if (recovered.length > 0) {
    observer.noted(`Ended what an earlier run had left open: ${recovered.join(", ")}.`);
  }
  const sessionId = await openSession(run, journal);
  const session = { run, journal, book, others, admission, sessionId, observer };
  let end: SessionEnd | null = null;
  try {
    end = await workWindows(session);
    return end;
  } finally {
    await closeSession(session, end?.reason ?? "failed");
  }
}

/**
 * A run shares its overall budget with the proxies that are open now, and with the manual windows since
 * its experiment was registered.
 */
function isBeside({ folder, view }: ExperimentRun) {
  const [first = ""] = [...view.registrations.values()].map((one) => one.recorded_at).toSorted();
  const isGone = findGoneProxies(folder);
  return (row: Readonly<Record<string, unknown>>): boolean =>
    isManual(row) && (String(row["recorded_at"]) >= first || !isGone(String(row["reservation"])));
}

/** The parts that one session works with. */
export interface Session {
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
  const health = new ProviderHealth(run.environment.clock);
  const opened = await openSessionProxy(session, traffic);
  try {
    return await runSession(
      {
        plan: run.experiment.plan,
        observer: session.observer,
        rules: await openRules(session, health),
        health,
        recorder: createRecorder(session),
        worker: createWorker(session, traffic, opened),
        budgets: createBudgetGate({
          book: session.book,
          tasks: run.experiment.tasks,
          view: run.view,
          rolesOf: (id) =>
            rolesIn(run.experiment.configuration.providers.find((one) => one.id === id) ?? SOLO),
          catchUp: () => session.others.catchUp(),
        }),
        hours: createSetHours(pricedPeaks(run.experiment.configuration), run.environment.clock),
        wait,
        concurrency: design.concurrency,
        slots: new ProviderSlots(run.experiment.configuration.providers),
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

export async function openSessionProxy(
  session: Session,
  traffic: AttemptTraffic,
): Promise<OpenProxy> {
  const { run, journal, observer } = session;
  const { experiment } = run;
  const { configuration } = experiment;
  // Rows of requests know only the name of their window.
  const places = new Map(
    experiment.plan.sets
      .flatMap((set) => set.windows)
      .map(({ window, featureId: feature_id, replicate, period }) => [
        window,
        { feature_id, replicate, period },
      ]),
  );
  return await openProxy({
    ...session,
    ...run,
    configuration,
    isIntercepting: configuration.providers.some(({ via }) => via === "mitm"),
    tasks: experiment.tasks.values(),
    isToldLane: true,
    writeRow: ({ request_count: count, ...row }) => {
      const counted = count === undefined ? {} : { request_count: count };
      journal.post("proxy_telemetry", [{ ...row, ...places.get(row.window), ...counted }]);
    },
    onRequestSettled: (request) => {
      traffic.settled(request);
      observer.settled(request.usage ?? null);
    },
  });
}

export async function openRules(
  session: Omit<Session, "book" | "others" | "admission">,
  { stopped }: ProviderHealth,
): Promise<SessionRules> {
  const { run } = session;
  const { gates } = run.experiment.configuration;
  const rules = createSessionRules({
    ...run,
    ...session,
    gates,
    conditions: run.stopWhen,
    stopped,
  });
  // An earlier session may have ended before its looks, and halts may no longer hold.
  await rules.afterWindow();
  return rules;
}

export function createRecorder(session: Session, lastExecutedOrder?: number): SessionRecorder {
  const { environment, experiment } = session.run;
  return new SessionRecorder({
    ...session,
    ...environment,
    view: session.run.view,
    experimentId: experiment.plan.experimentId,
    basis: COST_BASIS,
    measure: experiment.configuration.cost,
    providers: experiment.configuration.providers,
    ...(experiment.gradeAgain === undefined ? {} : { gradeAgain: experiment.gradeAgain }),
    ...(lastExecutedOrder === undefined ? {} : { lastExecutedOrder }),
  });
}

export function createWorker(
  { run, book }: Session,
  traffic: AttemptTraffic,
  opened: OpenProxy,
): WindowWorker {
  const { experiment } = run;
  const workspaces = workspacesBelow(run.workspaceRoot);
  const { experimentId } = experiment.plan;
  return createAgentWorker({
    ...run,
    ...experiment,
    ...opened,
    isReplay: run.replay !== null,
    book,
    traffic,
    // Each ledger has its own folder, because two ledgers may run the same experiment at once.
    workspaceRoot: path.join(workspaces, `${experimentId}-${run.store.ledgerId.slice(-8)}`),
    hidden: [
      repositoryAround(experiment.configuration.bank),
      run.environment.cwd,
      run.folder.root,
      workspaces,
    ],
    captures: run.folder.captures,
    logs: logsFolder(run.folder, experimentId),
  });
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  // An aborted wait is no failure: the session then looks at the signal.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** An experiment and everything that a run of it needs. */
export interface ExperimentRun {
  readonly experiment: Experiment;
  readonly providers: readonly ReadyProvider[];
  readonly store: LedgerStore;
  /** The fold of the store, which also takes the rows of this run. */
  readonly view: ExperimentFold;
  readonly folder: DataFolder;
  readonly workspaceRoot: string;
  readonly environment: Environment;
  /** Makes the observer of the run from a way to read its budgets. */
  readonly observe: (budgets: () => readonly BudgetStatus[]) => SessionObserver;
  /** Records the requests and answers; null records none. */
  readonly recorder: Recorder | null;
  /** Answers in place of every upstream; null sends requests to the upstreams. */
  readonly replay: ReplayServer | null;
  /** The operator's own stop rules. */
  readonly stopWhen: readonly StopCondition[];
  /** A first Ctrl-C. */
  readonly signal: AbortSignal;
  /** A second one. */
  readonly atOnce: AbortSignal;
}

/** Records the session's opening, and an amendment if budgets, limits or paths differ from the last session's. */
export async function openSession(run: ExperimentRun, journal: Journal): Promise<string> {
  const { experiment, view, environment } = run;
  const experimentId = experiment.plan.experimentId;
  const sessionId = environment.randomId();
  const conditions = run.stopWhen.map(({ text }) => text);
  const settings = {
    ...describeSettings(experiment.configuration, run.folder),
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

export async function closeSession(
  { run, journal, sessionId }: Pick<Session, "run" | "journal" | "sessionId">,
  reason: SessionEnd["reason"] | "failed",
): Promise<void> {
  const { experimentId } = run.experiment.plan;
  const closed = { record: "session_closed", experiment_id: experimentId, session_id: sessionId };
  const { h: checkpoint } = await journal.checkpoint();
  await journal.write("experiments", [{ ...closed, reason, checkpoint }]);
  await journal.checkpoint();
}

function versionsOf({ providers, environment }: ExperimentRun): Record<string, string> {
  return {
    counterbalance: toolVersion(),
    node: process.version,
    platform: environment.platform,
    ...Object.fromEntries(providers.map(({ driver, version }) => [driver.name, version])),
  };
}
