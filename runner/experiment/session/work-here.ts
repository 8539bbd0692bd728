import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import type { StopCondition } from "../../../reports/gate/stop-condition.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { pricedPeaks } from "../../plan/assignment/hours.ts";
import { rolesOf } from "../../plan/config/configuration.ts";
import { COST_BASIS } from "../../plan/config/cost-measure.ts";
import { openSessionRules } from "../../plan/looks/session-rules.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { Journal } from "../spending/journal.ts";
import { createBudgetGate } from "../spending/session-budget-gate.ts";
import type { WindowWorker } from "../windows/window-worker.ts";
import type { Experiment } from "./prepare-experiment.ts";
import { ProviderHealth } from "./provider-health.ts";
import { ProviderSlots } from "./provider-slots.ts";
import { runSession, type SessionEnd, waitInTime } from "./run-session.ts";
import type { SessionObserver } from "./session-parts.ts";
import { SessionRecorder } from "./session-recorder.ts";
import { createSetHours } from "./set-hours.ts";

const RETRY_DELAY_MS = 1000;

interface LocalWork {
  readonly experiment: Experiment;
  readonly sessionId: string;
  readonly view: ExperimentFold;
  readonly journal: Journal;
  readonly book: BudgetBook;
  /** Adds the spending of other processes. */
  readonly catchUp: () => void;
  /** The operator's own stop rules. */
  readonly stopWhen: readonly StopCondition[];
  readonly observer: SessionObserver;
  readonly worker: WindowWorker;
  readonly environment: Pick<Environment, "clock" | "randomId">;
  readonly signal: AbortSignal;
}

/** Lets a worker of this machine work the windows, by the rules, budgets and hours of the experiment. */
export async function workHere(work: LocalWork): Promise<SessionEnd> {
  const { sessionId, view, journal, book, observer } = work;
  const { configuration, plan, tasks, gradeAgain } = work.experiment;
  const { design, gates, providers, cost: measure } = configuration;
  const { clock, randomId } = work.environment;
  const { experimentId } = plan;
  const health = new ProviderHealth(clock);
  const { stopped } = health;
  const conditions = work.stopWhen;
  const store = journal.ledger;
  return await runSession(
    {
      plan,
      observer,
      rules: await openSessionRules({ view, store, journal, observer, gates, conditions, stopped }),
      health,
      recorder: new SessionRecorder({
        experimentId,
        sessionId,
        journal,
        view,
        clock,
        randomId,
        basis: COST_BASIS,
        measure,
        providers,
        gradeAgain,
      }),
      worker: work.worker,
      budgets: createBudgetGate({
        book,
        tasks,
        view,
        rolesOf: rolesOf(providers),
        catchUp: work.catchUp,
      }),
      hours: createSetHours(pricedPeaks(configuration), clock),
      wait: waitInTime,
      concurrency: design.concurrency,
      slots: new ProviderSlots(providers),
      washoutMs: design.washoutMs,
      retryDelayMs: RETRY_DELAY_MS,
    },
    work.signal,
  );
}
