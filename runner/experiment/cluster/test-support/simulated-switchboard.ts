import type { LedgerFile } from "../../../../ledger/domain/ledger-file.ts";
import type { LedgerStore } from "../../../../ledger/store/store.ts";
import { createMemoryStore } from "../../../../ledger/store/test-support/memory-store.ts";
import {
  type Amounts,
  BUDGET_UNITS,
  perUnit,
  sumOf,
  UNBOUNDED,
} from "../../../gateway/budgets/budget-unit.ts";
import { citeAnew } from "../cite-anew.ts";
import type { ListedWorker, WorkerSeen } from "../greet.ts";
import { handedInRow } from "../handed-in-row.ts";
import {
  type AttemptOutput,
  type Claim,
  type EndedAttempt,
  type FileRows,
  HISTORY_FILES,
  type JobState,
  type NoRoom,
  type OpenSession,
  type Order,
  type Seeker,
  type Spent,
  type SessionStart,
  type Switchboard,
  type WindowJob,
} from "../switchboard.ts";

interface Job {
  readonly id: string;
  readonly data: WindowJob;
  state: JobState["state"];
  output: AttemptOutput | null;
  delivery: number;
  keptMs: number;
  machineClass: string;
  finishedDelivery: number | null;
}

interface Budget {
  readonly cap: number;
  spent: number;
  reserved: number;
}

export interface SimulatedOptions {
  readonly clock: { nowMs(): number; monotonicMs(): number };
  readonly heartbeatMs: number;
}

/** Queue, budgets and ledger of one process in memory, with the semantics of those in PostgreSQL. */
export class SimulatedSwitchboard implements Switchboard {
  readonly store: LedgerStore;
  readonly #options: SimulatedOptions;
  readonly #jobs: Job[] = [];
  readonly #budgets = new Map<string, Budget>();
  readonly #allowances = new Map<string, { amounts: Amounts; begunBy: string | null }>();
  readonly #lost = new Map<string, Amounts>();
  readonly #sessions = new Map<
    string,
    OpenSession & { executedOrder: number; why: string | null }
  >();
  readonly #workers = new Map<string, { worker: WorkerSeen; seenMs: number }>();

  constructor(options: SimulatedOptions) {
    this.#options = options;
    this.store = createMemoryStore({
      clock: options.clock,
      agentId: "harness",
      toolVersion: "0.0.0",
    });
  }

  /** Spending and reservations of a budget, for tests. */
  budgetOf(experimentId: string, unit: string): Readonly<Budget> | undefined {
    return this.#budgets.get(`${experimentId} ${unit}`);
  }

  /** Delivers windows of silent workers again, as the queue's monitor does. */
  monitor(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const job of this.#jobs) {
      if (job.state !== "active" || nowMs - job.keptMs <= this.#options.heartbeatMs) continue;
      job.state = "waiting";
      job.delivery += 1;
    }
  }

  async openSession(session: SessionStart): Promise<void> {
    const { experimentId, sessionId, details, caps, spent, executedOrder } = session;
    const before = this.#sessions.get(experimentId)?.executedOrder ?? 0;
    this.#sessions.set(experimentId, {
      experimentId,
      sessionId,
      details,
      why: null,
      executedOrder: Math.max(before, executedOrder),
    });
    for (const unit of BUDGET_UNITS) {
      const key = `${experimentId} ${unit}`;
      const cap = caps[unit];
      if (cap === null) this.#budgets.delete(key);
      else
        this.#budgets.set(key, { spent: spent[unit], reserved: 0, ...this.#budgets.get(key), cap });
    }
  }

  async stop(experimentId: string, why: string): Promise<void> {
    const session = this.#sessions.get(experimentId);
    if (session !== undefined) session.why = why;
    for (const job of this.#jobs) {
      if (job.data.experimentId === experimentId && job.state === "waiting")
        job.state = "cancelled";
    }
  }

  async orderOf(experimentId: string): Promise<Order> {
    const session = this.#sessions.get(experimentId);
    const why = session === undefined ? "Its session is gone." : session.why;
    return why === null ? { goesOn: true } : { goesOn: false, why };
  }

  async sessions(): Promise<readonly OpenSession[]> {
    return [...this.#sessions.values()].filter(({ why }) => why === null);
  }

  async reserve(
    experimentId: string,
    allowances: ReadonlyMap<string, Amounts>,
  ): Promise<NoRoom | null> {
    const fresh = [...allowances].filter(
      ([window]) => !this.#allowances.has(`${experimentId} ${window}`),
    );
    const sums = sumOf(fresh.map(([, one]) => one));
    const room = this.#noRoom(experimentId, sums, fresh);
    if (room !== null) {
      const isFresh = new Set(fresh.map(([window]) => window));
      const had = [...allowances].filter(([window]) => !isFresh.has(window));
      const own = sumOf(had.map(([, one]) => one))[room.unit] ?? 0;
      return { ...room, reserved: room.reserved - own, requested: room.requested + own };
    }
    for (const [window, amounts] of fresh) {
      this.#allowances.set(`${experimentId} ${window}`, { amounts, begunBy: null });
      this.#move(experimentId, { spent: NOTHING, reserved: amounts });
    }
    return null;
  }

  async giveUp(experimentId: string, windows: readonly string[]): Promise<void> {
    for (const window of windows) {
      const key = `${experimentId} ${window}`;
      const allowance = this.#allowances.get(key);
      if (allowance?.begunBy !== null) continue;
      this.#allowances.delete(key);
      this.#move(experimentId, { spent: NOTHING, reserved: negative(allowance.amounts) });
    }
  }

  async enqueue(data: WindowJob): Promise<string> {
    const same = this.#jobs.find(
      (job) =>
        (job.state === "waiting" || job.state === "active") &&
        job.data.experimentId === data.experimentId &&
        job.data.planned.window === data.planned.window,
    );
    if (same !== undefined) return same.id;
    const id = `job-${String(this.#jobs.length + 1)}`;
    this.#jobs.push({
      id,
      data,
      state:
        (this.#sessions.get(data.experimentId)?.why ?? null) === null ? "waiting" : "cancelled",
      output: null,
      delivery: 0,
      keptMs: 0,
      machineClass: "",
      finishedDelivery: null,
    });
    return id;
  }

  async statesOf(ids: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
    const jobs = this.#jobs.filter(({ id }) => ids.includes(id));
    return new Map(jobs.map(({ id, state, output }) => [id, { state, output }]));
  }

  async withdraw(ids: readonly string[]): Promise<void> {
    for (const job of this.#jobs) {
      const isTaken = job.state !== "waiting" || job.delivery > 0;
      if (!isTaken && ids.includes(job.id)) job.state = "cancelled";
    }
  }

  async claim({ machineClass, experiments }: Seeker): Promise<Claim | null> {
    const waiting = this.#jobs.filter(
      ({ state, data }) => state === "waiting" && experiments.includes(data.experimentId),
    );
    const job =
      waiting.find(({ data }) => data.machineClass === machineClass) ??
      waiting.find(({ data }) => data.machineClass === null);
    if (job === undefined) return null;
    job.state = "active";
    job.keptMs = this.#options.clock.monotonicMs();
    job.machineClass = machineClass;
    const session = this.#sessions.get(job.data.experimentId);
    if (session !== undefined) session.executedOrder += 1;
    const executedOrder = session?.executedOrder ?? 1;
    return { id: job.id, delivery: job.delivery, job: job.data, executedOrder };
  }

  async keep(claim: Claim): Promise<boolean> {
    const job = this.#held(claim);
    if (job === undefined) return false;
    job.keptMs = this.#options.clock.monotonicMs();
    return true;
  }

  async begin(claim: Claim, rows: readonly FileRows[]): Promise<"begun" | "lost" | NoRoom> {
    if (!(await this.keep(claim))) return "lost";
    const { experimentId, planned } = claim.job;
    const allowance = this.#allowances.get(`${experimentId} ${planned.window}`);
    if (allowance === undefined) {
      const uncovered = this.#noRoom(experimentId, UNBOUNDED, [["", UNBOUNDED]]);
      if (uncovered !== null) return uncovered;
    } else if (allowance.begunBy !== null && allowance.begunBy !== nameOf(claim)) {
      const room = this.#noRoom(experimentId, allowance.amounts, [["", allowance.amounts]]);
      if (room !== null) return room;
      this.#lost.set(allowance.begunBy, allowance.amounts);
      this.#move(experimentId, { spent: filled(allowance.amounts), reserved: UNBOUNDED });
    }
    if (allowance !== undefined) allowance.begunBy = nameOf(claim);
    await this.#append(rows);
    return "begun";
  }

  async finish(claim: Claim, { rows, spent, output }: EndedAttempt): Promise<"done" | "lost"> {
    const job = this.#held(claim);
    if (job === undefined) return this.#isFinished(claim) ? "done" : "lost";
    job.state = "done";
    job.output = output;
    job.finishedDelivery = claim.delivery;
    await this.#append(rows);
    const { experimentId, planned } = claim.job;
    const key = `${experimentId} ${planned.window}`;
    const allowance = this.#allowances.get(key);
    this.#allowances.delete(key);
    const amounts = allowance?.amounts ?? UNBOUNDED;
    this.#move(experimentId, { spent, reserved: negative(amounts) });
    const lost = allowance?.begunBy ?? null;
    if (lost !== null && lost !== nameOf(claim)) {
      this.#lost.set(lost, amounts);
      this.#move(experimentId, { spent: filled(amounts), reserved: UNBOUNDED });
    }
    return "done";
  }

  async recordLate(
    claim: Claim,
    { rows, spent }: Pick<EndedAttempt, "rows" | "spent">,
  ): Promise<void> {
    if (this.#isFinished(claim)) return;
    await this.#append(rows);
    const amounts = this.#lost.get(nameOf(claim));
    if (amounts === undefined) return;
    this.#lost.delete(nameOf(claim));
    const rest = perUnit((unit) => spent[unit] - (amounts[unit] ?? 0));
    this.#move(claim.job.experimentId, { spent: rest, reserved: UNBOUNDED });
  }

  async classOf(experimentId: string, windows: readonly string[]): Promise<string | null> {
    const worked = this.#jobs.find(
      ({ data, finishedDelivery }) =>
        finishedDelivery !== null &&
        data.experimentId === experimentId &&
        windows.includes(data.planned.window),
    );
    return worked?.machineClass ?? null;
  }

  async historyOf(experimentId: string, window: string): Promise<readonly FileRows[]> {
    return HISTORY_FILES.map((file) => ({
      file,
      rows: [...this.store.read(file)]
        .filter((row) => row["experiment_id"] === experimentId && row["window"] === window)
        .map(handedInRow),
    }));
  }

  async greet(worker: WorkerSeen): Promise<void> {
    this.#workers.set(worker.name, { worker, seenMs: this.#options.clock.monotonicMs() });
  }

  async workers(): Promise<readonly ListedWorker[]> {
    const nowMs = this.#options.clock.monotonicMs();
    return [...this.#workers.values()].map(({ worker, seenMs }) => ({
      ...worker,
      seenMsAgo: nowMs - seenMs,
    }));
  }

  #held({ id, delivery }: Claim): Job | undefined {
    const job = this.#jobs.find((one) => one.id === id);
    return job?.state === "active" && job.delivery === delivery ? job : undefined;
  }

  #isFinished({ id, delivery }: Claim): boolean {
    return this.#jobs.some((job) => job.id === id && job.finishedDelivery === delivery);
  }

  #noRoom(experimentId: string, sums: Amounts, asked: readonly [string, Amounts][]): NoRoom | null {
    if (asked.length === 0) return null;
    for (const unit of BUDGET_UNITS) {
      const budget = this.budgetOf(experimentId, unit);
      if (budget === undefined) continue;
      const requested = sums[unit] ?? Number.MAX_SAFE_INTEGER;
      const { cap, spent, reserved } = budget;
      if (spent + reserved + requested > cap) return { unit, cap, spent, reserved, requested };
    }
    return null;
  }

  #move(experimentId: string, by: { readonly spent: Spent; readonly reserved: Amounts }): void {
    for (const unit of BUDGET_UNITS) {
      const budget = this.#budgets.get(`${experimentId} ${unit}`);
      if (budget === undefined) continue;
      budget.spent += by.spent[unit];
      budget.reserved += by.reserved[unit] ?? 0;
    }
  }

  async #append(all: readonly FileRows[]): Promise<void> {
    const some = all.filter(({ rows }) => rows.length > 0);
    await citeAnew(some, async (file: LedgerFile, rows) => await this.store.append(file, rows));
  }
}

const NOTHING: Spent = { tokens: 0, usd: 0, minutes: 0 };

function filled(amounts: Amounts): Spent {
  return perUnit((unit) => amounts[unit] ?? 0);
}

function negative(amounts: Amounts): Amounts {
  return perUnit((unit) => -(amounts[unit] ?? 0));
}

function nameOf({ id, delivery }: Claim): string {
  return `${id}/${String(delivery)}`;
}
