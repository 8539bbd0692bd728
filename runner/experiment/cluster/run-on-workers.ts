import { LEDGER_FILES, type LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { LedgerStore, Position } from "../../../ledger/store/store.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { finalOf, nextAttempt } from "../../../ledger/views/progress.ts";
import { limitsOf } from "../../gateway/budgets/budget-limits.ts";
import { toLimits } from "../../gateway/budgets/resolve-budgets.ts";
import { SpendingFold, spentSoFar } from "../../gateway/budgets/spending-fold.ts";
import { pricedPeaks } from "../../plan/assignment/hours.ts";
import { type Configuration, rolesOf } from "../../plan/config/configuration.ts";
import { openSessionRules, type SessionRules } from "../../plan/looks/session-rules.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Experiment } from "../session/prepare-experiment.ts";
import { ProviderHealth } from "../session/provider-health.ts";
import { registerExperiment } from "../session/register-experiment.ts";
import type { ExperimentRun } from "../session/run-experiment.ts";
import { runSession, type SessionEnd, waitInTime } from "../session/run-session.ts";
import type { Recorder, SessionObserver } from "../session/session-parts.ts";
import { closeSession, openSession } from "../session/session-rows.ts";
import { createSetHours } from "../session/set-hours.ts";
import { type Journal, openJournal } from "../spending/journal.ts";
import { RemoteWorker } from "./remote-worker.ts";
import type { SessionDetails } from "./session-details.ts";
import { createSharedGate } from "./shared-budget-gate.ts";
import type { Switchboard } from "./switchboard.ts";

const POLL_MS = 1000;
const RETRY_DELAY_MS = 1000;

/** A run whose windows the workers of a store take. */
export interface SharedRun extends StoreRun {
  readonly board: Switchboard;
  /** What each worker compares itself with. */
  readonly details: SessionDetails;
  /** Brings this machine's copy of the store up to date, whose rows other machines write too. */
  readonly refresh: () => Promise<void>;
  /** Called when the store has the order by which workers end. */
  readonly onTold?: () => void;
  /** What to say about the store when its session begins. */
  readonly notices?: readonly string[];
  /** Calls back when a worker has finished a window. */
  readonly onDone?: (wake: () => void) => () => void;
  /** Waits, or less if the signal fires; a simulation has a time of its own. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** An experiment whose ledger is in a store, and what a run of it needs. */
export type StoreRun = Omit<ExperimentRun, "workspaceRoot" | "recorder" | "replay">;

/** Registers or resumes the experiment, hands its windows to the workers, and follows them to the end. */
export async function runOnWorkers(run: SharedRun): Promise<SessionEnd> {
  const { experiment, view, store, board } = run;
  const { configuration, plan } = experiment;
  const { experimentId } = plan;
  refusePeriod(configuration);
  const follow = createFollower(run);
  await follow();
  const journal = openJournal(store, (row) => view.fold(row));
  await registerExperiment(plan, { view, journal });
  const sessionId = await openSession(run, journal);
  const limits = toLimits(configuration.budgets);
  const observer = run.observe(() => []);
  await board.openSession({
    experimentId,
    sessionId,
    details: run.details,
    caps: limitsOf(limits, { scope: "overall", name: "overall" }),
    spent: spentIn(store, experiment),
    executedOrder: view.lastExecutedOrder,
  });
  for (const notice of run.notices ?? []) observer.noted(notice);
  let end: SessionEnd | null = null;
  try {
    end = await handOut(run, { journal, sessionId, observer, follow });
    return end;
  } finally {
    await board.stop(experimentId, end?.reason ?? "failed");
    await closeSession({ experimentId, sessionId, journal }, end?.reason ?? "failed");
  }
}

interface SharedSession {
  readonly journal: Journal;
  readonly sessionId: string;
  readonly observer: SessionObserver;
  readonly follow: () => Promise<void>;
}

async function handOut(run: SharedRun, session: SharedSession): Promise<SessionEnd> {
  const { journal, sessionId, observer } = session;
  const { experiment, board, environment, view, store } = run;
  const { configuration, plan, tasks } = experiment;
  const { gates, providers } = configuration;
  const { experimentId, sets } = plan;
  const wait = run.wait ?? waitInTime;
  const health = new ProviderHealth(environment.clock);
  const { stopped } = health;
  const conditions = run.stopWhen;
  const rules = await openSessionRules({
    view,
    store,
    journal,
    observer,
    gates,
    conditions,
    stopped,
  });
  const ended = new AbortController();
  const worker = createRemoteWorker(
    run,
    session,
    (planned, set) => health.pauseOf(planned.provider) === null && rules.mayWork(planned, set),
  );
  // Workers end what they do, and their coordinator waits for it.
  const stop = () => void board.stop(experimentId, "interrupted").then(run.onTold, () => undefined);
  run.signal.addEventListener("abort", stop, { once: true });
  const watching = worker.watch(ended.signal);
  try {
    return await runSession(
      {
        plan,
        observer,
        rules,
        health,
        recorder: createFollowingRecorder(view, { experimentId, sessionId }),
        worker,
        budgets: createSharedGate({
          board,
          experimentId,
          tasks,
          limits: toLimits(configuration.budgets),
          rolesOf: rolesOf(providers),
        }),
        hours: createSetHours(pricedPeaks(configuration), environment.clock),
        wait,
        concurrency: sets.length,
        slots: worker,
        washoutMs: configuration.design.washoutMs,
        retryDelayMs: RETRY_DELAY_MS,
      },
      run.signal,
    );
  } finally {
    run.signal.removeEventListener("abort", stop);
    ended.abort();
    await watching;
  }
}

function createRemoteWorker(
  run: SharedRun,
  { sessionId, observer, follow }: SharedSession,
  mayBegin: SessionRules["mayWork"],
): RemoteWorker {
  const { board, view } = run;
  const { configuration, plan } = run.experiment;
  return new RemoteWorker({
    board,
    experimentId: plan.experimentId,
    sessionId,
    sets: plan.sets,
    wait: run.wait ?? waitInTime,
    pollMs: POLL_MS,
    atOnce: run.atOnce,
    onDone: run.onDone,
    catchUp: follow,
    mayBegin,
    providers: configuration.providers,
    isFinal: (window) => finalOf(view, window) !== undefined,
    say: (sentence) => observer.noted(sentence),
  });
}

/** The workers record the windows, so that opening and closing them writes nothing here. */
function createFollowingRecorder(
  view: ExperimentFold,
  { experimentId, sessionId }: { readonly experimentId: string; readonly sessionId: string },
): Recorder {
  return {
    isFinal: (window) => finalOf(view, window) !== undefined,
    // The kept work of an attempt is on the machine that made it.
    isUngraded: () => false,
    ungraded: (window) => {
      throw new Error(`${window} does not wait for a grade.`);
    },
    closeUngraded: async () => {},
    open: async (planned) => ({
      experimentId,
      sessionId,
      planned,
      marker: "",
      attempt: nextAttempt(view, planned.window),
    }),
    close: async () => {},
  };
}

/** Folds the rows of every machine into the view, which may have some of them. */
function createFollower({ store, view, refresh }: SharedRun): () => Promise<void> {
  const positions = new Map<LedgerFile, Position>();
  return async () => {
    await refresh();
    for (const file of LEDGER_FILES) {
      const { rows, end } = store.readFrom(file, positions.get(file));
      for (const row of rows) view.fold(row);
      positions.set(file, end);
    }
  };
}

function spentIn(store: LedgerStore, { configuration, plan }: Experiment) {
  const { basis } = toLimits(configuration.budgets);
  const { experimentId } = plan;
  const fold = new SpendingFold({ experimentId, basis, pricing: configuration.prices });
  return spentSoFar(store.read("budgets"), fold).overall;
}

/** A rolling period would need the spending of every machine before each request. */
function refusePeriod({ budgets }: Configuration): void {
  const period = budgets.limits.find(({ scope }) => scope === "period");
  if (period === undefined) return;
  throw new ConfigurationError(
    `${period.origin}: expected no budget of a period together with --store, got ${period.givenBy}. Give each window a limit, and an overall budget for all of them.`,
  );
}
