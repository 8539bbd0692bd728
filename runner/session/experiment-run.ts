import type { LedgerStore } from "../../ledger/store/store.ts";
import type { ExperimentFold } from "../../ledger/views/experiment-fold.ts";
import type { StopCondition } from "../../reports/decisions/stop-condition.ts";
import type { BudgetStatus } from "../budgets/budget-status.ts";
import type { DataFolder } from "../data-folder.ts";
import type { Environment } from "../environment.ts";
import type { ReadyProvider } from "../providers/check-providers.ts";
import type { Recorder } from "../proxy/recording/record.ts";
import type { ReplayServer } from "../proxy/recording/replay.ts";
import type { Experiment } from "./prepare-experiment.ts";
import type { SessionObserver } from "./session-observer.ts";

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
