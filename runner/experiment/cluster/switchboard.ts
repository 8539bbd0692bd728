import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import type { HeadsBySeq } from "../../../ledger/store/postgres/seen-heads.ts";
import type { Amounts } from "../../gateway/budgets/budget-unit.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import type { AttemptResult } from "../windows/window-worker.ts";
import type { ListedWorker, WorkerSeen } from "./greet.ts";

/** A window that workers may take. */
export interface WindowJob {
  readonly experimentId: string;
  readonly sessionId: string;
  readonly planned: PlannedWindow;
  /** The class of the machine that worked the first window of the pair; null for the first. */
  readonly machineClass: string | null;
}

/** A worker's hold on a window. A window whose worker falls silent is delivered again. */
export interface Claim {
  readonly id: string;
  /** How often the window was delivered before, from 0. Every effect of a claim is fenced by it. */
  readonly delivery: number;
  readonly job: WindowJob;
  /** The order in which windows of the experiment are opened, from 1. */
  readonly executedOrder: number;
  /** How far the ledger went when the window was handed out: a database that lacks these rows is an older copy. */
  readonly heads?: HeadsBySeq;
}

/** A worker that looks for a window. */
export interface Seeker extends Pick<WorkerSeen, "name" | "machineClass"> {
  /** The experiments that it can work. */
  readonly experiments: readonly string[];
}

/** Rows of one file, in their order. */
export interface FileRows {
  readonly file: LedgerFile;
  readonly rows: readonly NewRow[];
}

/** What an attempt has used of the budgets over all windows, grains. */
export type Spent = Readonly<Record<"tokens" | "usd" | "minutes", number>>;

/** Windows that the rest of a budget does not cover, in grains. */
export interface NoRoom {
  readonly unit: "tokens" | "usd" | "minutes";
  readonly cap: number;
  readonly spent: number;
  /** Set aside for other windows. */
  readonly reserved: number;
  /** The most that the windows may take, with the part that is set aside for them already. */
  readonly requested: number;
}

/** What a coordinator has to know of an attempt; everything else is in the ledger. */
export type AttemptOutput = Pick<
  AttemptResult,
  "outcome" | "reason" | "quality" | "usage" | "spentBudget" | "keyRefusal" | "limitResetsAtMs"
>;

/** An attempt that has ended: its rows, what it took of the budgets, and what its coordinator has to know. */
export interface EndedAttempt {
  readonly rows: readonly FileRows[];
  readonly spent: Spent;
  readonly output: AttemptOutput;
}

/** The state of a job; `output` once it is done. */
export interface JobState {
  readonly state: "waiting" | "active" | "done" | "failed" | "cancelled";
  readonly output: AttemptOutput | null;
}

/** Whether an experiment continues; otherwise why not. */
export type Order = { readonly goesOn: true } | { readonly goesOn: false; readonly why: string };

/** A session as its coordinator opens it. */
export interface SessionStart extends OpenSession {
  /** Grains; null where there is none. */
  readonly caps: Amounts;
  readonly spent: Spent;
  /** The number of the last opened window. */
  readonly executedOrder: number;
}

/**
 * What a coordinator and its workers share: the queue of windows, the budgets over all of them, and the
 * ledger. Each method is one transaction.
 */
export interface Switchboard {
  openSession(session: SessionStart): Promise<void>;
  /** Tells every worker to end its windows of an experiment, and drops those that wait. */
  stop(experimentId: string, why: string): Promise<void>;
  orderOf(experimentId: string): Promise<Order>;
  /** Sessions that are open. */
  sessions(): Promise<readonly OpenSession[]>;

  /** Sets the allowances of windows aside, all or none. A window that has one keeps it. */
  reserve(experimentId: string, allowances: ReadonlyMap<string, Amounts>): Promise<NoRoom | null>;
  /** Frees the allowances of windows that no worker has begun. */
  giveUp(experimentId: string, windows: readonly string[]): Promise<void>;

  /**
   * Returns the id of the job; that of an earlier one if the window waits or is being worked. After a stop
   * the job is cancelled at once.
   */
  enqueue(job: WindowJob): Promise<string>;
  statesOf(ids: readonly string[]): Promise<ReadonlyMap<string, JobState>>;
  /** Cancels those of these jobs that no worker has taken yet. */
  withdraw(ids: readonly string[]): Promise<void>;
  /** The next window of these experiments for a machine of this class, if any waits. */
  claim(worker: Seeker): Promise<Claim | null>;
  /** Says that the worker lives. false: the claim is lost, and its agent must end. */
  keep(claim: Claim): Promise<boolean>;
  /**
   * Records the opening of an attempt. The allowance of an earlier delivery counts as spent until that
   * attempt says what it took, and another one is set aside.
   */
  begin(claim: Claim, rows: readonly FileRows[]): Promise<"begun" | "lost" | NoRoom>;
  /** Completes the job, adds the rows, and settles the budgets: all of it, or nothing if the claim is lost. */
  finish(claim: Claim, ended: EndedAttempt): Promise<"done" | "lost">;
  /** Adds what a lost claim has spent. Nothing if the claim was finished after all. */
  recordLate(claim: Claim, late: Pick<EndedAttempt, "rows" | "spent">): Promise<void>;

  /** The class of the machines that worked the windows of a set; null if none has been worked. */
  classOf(experimentId: string, windows: readonly string[]): Promise<string | null>;
  /** The rows of a window so far, of the files that say how its attempts went. */
  historyOf(experimentId: string, window: string): Promise<readonly FileRows[]>;
  /** Shows the worker to the others. */
  greet(worker: WorkerSeen): Promise<void>;
  workers(): Promise<readonly ListedWorker[]>;
}

export interface OpenSession {
  readonly experimentId: string;
  readonly sessionId: string;
  readonly details: unknown;
}

/** The files whose rows of a window decide how its next attempt begins. */
export const HISTORY_FILES: readonly LedgerFile[] = ["windows", "snapshots", "proxy_telemetry"];
