import { type Design, designOf } from "../domain/experiment.ts";
import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { RECORD_SCHEMAS } from "../domain/validate-row.ts";
import { duplicateFact } from "./duplicate-fact.ts";
import {
  isAttemptFact,
  type AmendedFact,
  type AnomalyFact,
  type AssignedFact,
  type AttemptFact,
  type AttemptKey,
  type BudgetFact,
  type ChurnFact,
  type DecisionFact,
  type ExperimentFact,
  type HaltFact,
  type LookFact,
  type OtherFact,
  type RegisteredFact,
  type SessionClosedFact,
  type SessionOpenedFact,
  type SnapshotFact,
  type Stamp,
  type TrafficFact,
} from "./experiment-fact.ts";
import type { ExperimentView } from "./experiment-view.ts";
import { OpenReservations } from "./open-reservations.ts";
import { PackedTraffic } from "./packed-traffic.ts";
import { nameUnreadable, readFact } from "./read-fact.ts";
import { type Claim, RowLiveness } from "./row-liveness.ts";
import { addSpend, NO_SPEND, scaleSpend, type Spend } from "./spend.ts";
import { readTrafficLine } from "./traffic-line.ts";
import { unreadableFact } from "./unreadable-fact.ts";
import { type FoldedAttempt, WindowTally } from "./window-view.ts";

type ShelvedFact = Exclude<ExperimentFact, AttemptFact | OtherFact>;

/** Facts that count, one shelf for each kind, by row id. */
type Shelves = {
  readonly [Kind in ShelvedFact["kind"]]: Map<string, Extract<ShelvedFact, { kind: Kind }>>;
};

/** A request or a debit is stored by its number. */
type StoredFact = Exclude<ExperimentFact, TrafficFact> | number;

const A_RESERVATION: OtherFact = { kind: "other", window: undefined, provider: undefined };

/**
 * A view that takes rows in, each in constant time. Folding changes it in place. After every row it
 * equals a fold of the same rows from the start.
 */
export class ExperimentFold implements ExperimentView {
  readonly experimentId: string;
  readonly design: Design;
  readonly registrations = new Map<string, RegisteredFact>();
  readonly amendments = new Map<string, AmendedFact>();
  readonly sessions = new Map<string, SessionOpenedFact>();
  readonly closings = new Map<string, SessionClosedFact>();
  readonly assignments = new Map<string, AssignedFact>();
  readonly windows = new Map<string, WindowTally>();
  readonly budgetEvents = new Map<string, BudgetFact>();
  readonly anomalies = new Map<string, AnomalyFact>();
  readonly snapshots = new Map<string, SnapshotFact>();
  readonly churns = new Map<string, ChurnFact>();
  readonly looks = new Map<string, LookFact>();
  readonly decisions = new Map<string, DecisionFact>();
  readonly halts = new Map<string, HaltFact>();
  readonly spent = new Map<string, Spend>();
  readonly unreadable = new Map<string, number>();
  readonly unknown = new Map<string, number>();
  readonly duplicates = new Map<string, number>();
  lastExecutedOrder = 0;
  readonly #shelves: Shelves = {
    registered: this.registrations,
    amended: this.amendments,
    session_opened: this.sessions,
    session_closed: this.closings,
    assigned: this.assignments,
    budget: this.budgetEvents,
    anomaly: this.anomalies,
    snapshot: this.snapshots,
    churn: this.churns,
    look: this.looks,
    decision: this.decisions,
    halt: this.halts,
  };
  #unreadable = 0;
  readonly #reservations = new OpenReservations();
  readonly #traffic = new PackedTraffic();
  readonly #liveness = new RowLiveness<StoredFact>((fact, sign) => this.#change(fact, sign));
  readonly #others = new Map<string | undefined, OtherFact>();

  constructor(experimentId: string) {
    this.experimentId = experimentId;
    this.design = designOf(experimentId);
  }

  get unsettledTokens(): number {
    return this.#reservations.tokens;
  }

  findRow(id: string): ExperimentFact | undefined {
    const fact = this.#liveness.find(id);
    return typeof fact === "number" ? this.#traffic.at(fact) : fact;
  }

  isAlive(id: string): boolean {
    return this.#liveness.isAlive(id);
  }

  /**
   * Folds a row of a ledger that is read from its start. A row that repeats an id, or that cannot
   * be read, becomes an anomaly of its file.
   */
  foldOnce(row: Row, file: LedgerFile): void {
    if (!this.#isOwn(row)) return;
    const first = this.#firstOf(row.id);
    if (first !== undefined) {
      countOne(this.duplicates, row.record);
      this.#shelve(duplicateFact(row, first, file), 1);
    } else if (!this.#admit(row)) {
      this.#unreadable += 1;
      this.#shelve(unreadableFact(row, file, this.#unreadable), 1);
    }
  }

  /** Folds a row, unless it belongs to another experiment or was folded before. */
  fold(row: Row): void {
    if (this.#isOwn(row) && this.#firstOf(row.id) === undefined) this.#admit(row);
  }

  /** Returns whether the row could be read. */
  #admit(row: Row): boolean {
    if (row.record === "budget_reserved" && this.#reservations.reserveRow(row)) return true;
    const read = readFact(row);
    if (read === undefined) {
      countOne(this.unreadable, nameUnreadable(row));
      return false;
    }
    if (read.fact.kind === "other" && !RECORD_SCHEMAS.has(row.record)) {
      countOne(this.unknown, row.record);
    }
    if (read.settlement !== undefined) this.#reservations.settle(read.settlement);
    if (read.fact.kind === "opened") {
      this.lastExecutedOrder = Math.max(this.lastExecutedOrder, read.fact.executed_order);
    }
    this.#liveness.admit(row.id, this.#stored(read.fact), claimOf(row, read.target));
    return true;
  }

  /**
   * Folds a request, a reservation or a debit by its line, without parsing it. false: the line is
   * another one, is written otherwise, or repeats an id. The caller then folds the parsed row.
   */
  foldLine(line: string): boolean {
    const read = readTrafficLine(line);
    if (read === undefined) return false;
    if (read.experiment !== this.experimentId) return true;
    const id = read.kind === "reserved" ? read.id : read.fact.id;
    if (this.#firstOf(id) !== undefined) return false;
    if (read.kind === "reserved") {
      this.#reservations.reserve(read);
      return true;
    }
    if (read.kind === "debit") this.#reservations.settle(read.settlement);
    this.#liveness.admit(id, this.#traffic.add(read.fact));
    return true;
  }

  /** The row that has an id. Only the ids of reservations are kept. */
  #firstOf(id: string): ExperimentFact | undefined {
    return this.findRow(id) ?? (this.#reservations.has(id) ? A_RESERVATION : undefined);
  }

  #isOwn(row: Row): boolean {
    return (row["experiment_id"] ?? this.experimentId) === this.experimentId;
  }

  #stored(fact: ExperimentFact): StoredFact {
    if (fact.kind === "request" || fact.kind === "debit") return this.#traffic.add(fact);
    return fact.kind === "other" ? this.#shared(fact) : fact;
  }

  /** Rows of which only the existence counts share one fact for each window. */
  #shared(fact: OtherFact): OtherFact {
    const known = this.#others.get(fact.window);
    if (known?.provider === fact.provider && known !== undefined) return known;
    this.#others.set(fact.window, fact);
    return fact;
  }

  #change(stored: StoredFact, sign: 1 | -1): void {
    if (typeof stored === "number") this.#changeTraffic(stored, this.#traffic.at(stored), sign);
    else if (isAttemptFact(stored)) {
      this.#weigh(stored, (attempt) => attempt.change(stored, sign));
    } else if (stored.kind !== "other") this.#shelve(stored, sign);
  }

  #changeTraffic(number: number, fact: TrafficFact, sign: 1 | -1): void {
    this.#weigh(fact, (attempt) => attempt.changeTraffic(number, fact, sign));
  }

  #shelve(fact: ShelvedFact, sign: 1 | -1): void {
    const shelf: Map<string, Stamp> = this.#shelves[fact.kind];
    if (sign > 0) shelf.set(fact.id, fact);
    else shelf.delete(fact.id);
  }

  /** Changes a row's attempt, and its provider's spend by the difference. */
  #weigh(key: AttemptKey, change: (attempt: FoldedAttempt) => void): void {
    const window = this.#windowOf(key);
    const attempt = window.attempt(key.attempt);
    const before = scaleSpend(attempt.spend, -1);
    change(attempt);
    const spent = this.spent.get(window.provider) ?? NO_SPEND;
    this.spent.set(window.provider, addSpend(spent, addSpend(attempt.spend, before)));
  }

  #windowOf(fact: AttemptKey): WindowTally {
    const key = this.#keyOf(fact);
    const known = this.windows.get(key);
    if (known !== undefined) return known;
    const window = new WindowTally(fact, this.#traffic);
    this.windows.set(key, window);
    return window;
  }

  /** Several providers may share the id of a manual window. */
  #keyOf({ window, provider }: AttemptKey): string {
    return this.design === "manual" ? `${window} ${provider}` : window;
  }
}

function claimOf({ record }: Row, against: string | undefined): Claim | undefined {
  if (against === undefined) return undefined;
  return { against, kind: record === "row_undone" ? "undoes" : "supersedes" };
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
