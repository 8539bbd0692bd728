import { isManual } from "../../../ledger/domain/design.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import type { StopCondition } from "../../../reports/gate/stop-condition.ts";
import { budgetStatus, type BudgetStatus } from "../../gateway/budgets/budget-status.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { findGoneProxies } from "../serving/proxy-lock.ts";
import { type BudgetCounter, openCounter } from "../spending/budget-counter.ts";
import { type Journal, openJournal } from "../spending/journal.ts";
import { openBook } from "../spending/open-book.ts";
import { settleOrphans } from "../spending/settle-orphans.ts";
import { type AgentSession, openAgentWorker } from "./open-agent-worker.ts";
import { recoverAttempts } from "./recover-attempts.ts";
import { registerExperiment } from "./register-experiment.ts";
import type { SessionEnd } from "./run-session.ts";
import { sayNoFirstRequest } from "./say-no-room.ts";
import type { SessionObserver } from "./session-parts.ts";
import { closeSession, openSession } from "./session-rows.ts";
import { workHere } from "./work-here.ts";

/** An experiment and everything that a run of it needs. */
export interface ExperimentRun extends Omit<
  AgentSession,
  "ledgerId" | "journal" | "book" | "admission" | "onSettled"
> {
  readonly store: LedgerStore;
  /** The fold of the store, which also takes the rows of this run. */
  readonly view: ExperimentFold;
  /** Makes the observer of the run from a way to read its budgets. */
  readonly observe: (budgets: () => readonly BudgetStatus[]) => SessionObserver;
  /** The operator's own stop rules. */
  readonly stopWhen: readonly StopCondition[];
  /** A first Ctrl-C; `atOnce` is a second one. */
  readonly signal: AbortSignal;
}

/** Registers or resumes the experiment, and works its windows until nothing more may start. */
export async function runExperiment(run: ExperimentRun): Promise<SessionEnd> {
  const { view } = run;
  const journal = openJournal(run.store, (row) => view.fold(row));
  await registerExperiment(run.experiment.plan, { view, journal });
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
  const { view, folder, environment } = run;
  const { configuration, plan } = run.experiment;
  const { experimentId } = plan;
  await settleOrphans(journal.ledger.read("budgets"), { plan, journal });
  // The observer reads the budgets, and the budgets report to the observer.
  const watched: { observer?: SessionObserver } = {};
  const spending = openBook({
    configuration,
    experimentId,
    journal,
    counter,
    isOverall: isBeside(folder, view),
    clock: environment.clock,
    say: (sentence) => watched.observer?.noted(sentence),
  });
  const observer = run.observe(() => budgetStatus(spending.book));
  watched.observer = observer;
  const tight = sayNoFirstRequest(run.experiment, environment);
  if (tight !== null) observer.noted(tight);
  const recovered = await recoverAttempts({
    view,
    journal,
    configuration,
    telemetry: journal.ledger.read("proxy_telemetry"),
    nowMs: environment.clock.nowMs(),
  });
  if (recovered.length > 0) {
    observer.noted(`Ended what an earlier run had left open: ${recovered.join(", ")}.`);
  }
  const sessionId = await openSession(run, journal);
  let end: SessionEnd | null = null;
  try {
    end = await workSession(run, { journal, spending, sessionId, observer });
    return end;
  } finally {
    await closeSession({ experimentId, sessionId, journal }, end?.reason ?? "failed");
  }
}

interface OpenedSession {
  readonly journal: Journal;
  readonly spending: ReturnType<typeof openBook>;
  readonly sessionId: string;
  readonly observer: SessionObserver;
}

async function workSession(
  run: ExperimentRun,
  { journal, spending, sessionId, observer }: OpenedSession,
): Promise<SessionEnd> {
  const { experiment, environment } = run;
  const { book, admission, others } = spending;
  const { worker, close } = await openAgentWorker({
    experiment,
    providers: run.providers,
    folder: run.folder,
    workspaceRoot: run.workspaceRoot,
    environment,
    ledgerId: run.store.ledgerId,
    journal,
    book,
    admission,
    recorder: run.recorder,
    replay: run.replay,
    onSettled: (usage) => observer.settled(usage),
    atOnce: run.atOnce,
  });
  try {
    return await workHere({
      experiment,
      sessionId,
      view: run.view,
      journal,
      book,
      catchUp: () => others.catchUp(),
      stopWhen: run.stopWhen,
      observer,
      worker,
      environment,
      signal: run.signal,
    });
  } finally {
    await close();
    await journal.settled();
  }
}

/**
 * A run shares its overall budget with the proxies that are open now, and with the manual windows since
 * its experiment was registered.
 */
function isBeside(folder: DataFolder, view: ExperimentFold) {
  const [first = ""] = [...view.registrations.values()].map((one) => one.recorded_at).toSorted();
  const isGone = findGoneProxies(folder);
  return (row: Readonly<Record<string, unknown>>): boolean =>
    isManual(row) && (String(row["recorded_at"]) >= first || !isGone(String(row["reservation"])));
}
