import { MANUAL_EXPERIMENT } from "../domain/experiment.ts";
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
} from "./experiment-fact.ts";
import { ownText } from "./names.ts";
import { OpenReservations } from "./open-reservations.ts";
import { nameUnreadable, readFact } from "./read-fact.ts";
import { RowIds } from "./row-ids.ts";
import { type Claim, RowLiveness } from "./row-liveness.ts";
import { shelve } from "./shelve.ts";
import { addSpend, NO_SPEND, scaleSpend, type Spend } from "./spend.ts";
import { readTrafficLine, type TrafficLine } from "./traffic-line.ts";
import { TrafficRows } from "./traffic-rows.ts";
import { unreadableFact } from "./unreadable-fact.ts";
import { type AttemptTally, WindowTally, type WindowView } from "./window-view.ts";

type Shelf<Fact> = ReadonlyMap<string, Fact>;

const A_RESERVATION: OtherFact = { kind: "other", window: undefined, provider: undefined };

/**
 * What one experiment's rows say now: each row counts once, and only while no row supersedes or
 * undoes it. Shelves are keyed by row id and in no particular order.
 */
export interface ExperimentView {
  readonly experimentId: string;
  readonly registrations: Shelf<RegisteredFact>;
  readonly amendments: Shelf<AmendedFact>;
  readonly sessions: Shelf<SessionOpenedFact>;
  readonly closings: Shelf<SessionClosedFact>;
  readonly assignments: Shelf<AssignedFact>;
  /** By window id, of windows worked by hand by window id and provider; one may be there without a row that counts. */
  readonly windows: ReadonlyMap<string, WindowView>;
  readonly budgetEvents: Shelf<BudgetFact>;
  /** Also those that concern the ledger as a whole. */
  readonly anomalies: Shelf<AnomalyFact>;
  /** Of windows worked by hand. */
  readonly snapshots: Shelf<SnapshotFact>;
  readonly churns: Shelf<ChurnFact>;
  readonly looks: Shelf<LookFact>;
  readonly decisions: Shelf<DecisionFact>;
  readonly halts: Shelf<HaltFact>;
  /** Tokens of all attempts, by provider. */
  readonly spent: ReadonlyMap<string, Spend>;
  /** Rows that do not keep their schema, by record name; of another major version also by that. Each is an anomaly too. */
  readonly unreadable: ReadonlyMap<string, number>;
  /** Rows of records that this version does not know, by record name; they enter nothing. */
  readonly unknown: ReadonlyMap<string, number>;
  /** Rows with the id of a row that was read before, by record name; each is an anomaly, and enters nothing else. */
  readonly duplicates: ReadonlyMap<string, number>;
  /** Tokens reserved for requests that were never settled: in flight, or cut by a crash. */
  readonly unsettledTokens: number;
  /** A row that the view has met, whether it counts or not. */
  findRow(id: string): ExperimentFact | undefined;
  /** Whether a row, if there is one, counts: no row that was not undone supersedes or undoes it. */
  isAlive(id: string): boolean;
  /** The highest order in which a window was opened, 0 before the first; none is given twice. */
  readonly lastExecutedOrder: number;
}

/**
 * A view that takes rows in, each in constant time. Folding changes it in place; it equals, at every
 * row, a fold of the same rows from the start.
 */
export class ExperimentFold implements ExperimentView {
  readonly experimentId: string;
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
  #unreadable = 0;
  readonly #reservations = new OpenReservations();
  readonly #others = new Map<string | undefined, OtherFact>();
  readonly #ids = new RowIds();
  readonly #traffic = new TrafficRows(this.#ids);
  readonly #liveness = new RowLiveness(this.#ids, {
    placeCompactly: (fact, number) =>
      (fact.kind === "request" || fact.kind === "debit") &&
      this.#weigh(fact, (attempt) => attempt.store(fact, number)),
    findCompact: (number) => this.#traffic.find(number),
    place: (fact) => this.#change(fact, 1),
    take: (fact) => this.#change(fact, -1),
  });

  constructor(experimentId: string) {
    this.experimentId = experimentId;
  }

  get unsettledTokens(): number {
    return this.#reservations.tokens;
  }

  findRow(id: string): ExperimentFact | undefined {
    return this.#liveness.find(id);
  }

  isAlive(id: string): boolean {
    return this.#liveness.isAlive(id);
  }

  /**
   * As `fold`, of a ledger that is read from its start: an id that was met before is another row's. Such a
   * row, and one that can't be read, is an anomaly of the file that it stands in.
   */
  foldOnce(row: Row, file: LedgerFile): void {
    if (!this.#isOwn(row)) return;
    const first = this.#firstOf(row.id);
    if (first !== undefined) {
      countOne(this.duplicates, row.record);
      shelve(this, duplicateFact(row, first, file), 1);
    } else if (!this.#admit(row)) {
      this.#unreadable += 1;
      shelve(this, unreadableFact(row, file, this.#unreadable), 1);
    }
  }

  /** Rows of other experiments, and a row that was folded before, make no difference. */
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
    this.#note(read.fact);
    const fact = read.fact.kind === "other" ? this.#shared(read.fact) : read.fact;
    this.#liveness.admit(row.id, fact, claimOf(row, read.target));
    return true;
  }

  /**
   * Takes in a row by its line, without parsing it. false: it is none of those that make up the mass
   * of a ledger, is written otherwise, or has an id that was met before, and wants to be parsed and folded.
   */
  foldLine(line: string): boolean {
    const read = readTrafficLine(line);
    return read !== undefined && this.foldTraffic(read);
  }

  /** The same, of a line that was read; false: it has an id that was met before. */
  foldTraffic(read: TrafficLine): boolean {
    if (read.experiment !== this.experimentId) return true;
    // Ids of reservations and of other rows are each looked for among their own: to look among all would
    // cost every fold a tenth, and verification does.
    if (read.kind === "reserved") {
      if (this.#reservations.has(read.id)) return false;
      this.#reservations.reserve(read);
      return true;
    }
    const { id } = read.fact;
    if (this.findRow(id) !== undefined) return false;
    if (read.kind === "debit") this.#reservations.settle(read.settlement);
    this.#liveness.admit(id, read.fact);
    return true;
  }

  /** The row that has an id; of a reservation only that it was there. */
  #firstOf(id: string): ExperimentFact | undefined {
    return this.findRow(id) ?? (this.#reservations.has(id) ? A_RESERVATION : undefined);
  }

  #isOwn(row: Row): boolean {
    return (row["experiment_id"] ?? this.experimentId) === this.experimentId;
  }

  /** Of rows of which only the existence counts, those of one window are one. */
  #shared(fact: OtherFact): OtherFact {
    const known = this.#others.get(fact.window);
    if (known?.provider === fact.provider && known !== undefined) return known;
    this.#others.set(fact.window, fact);
    return fact;
  }

  /** What holds of a row whether it counts or not. */
  #note(fact: ExperimentFact): void {
    if (fact.kind === "opened") {
      this.lastExecutedOrder = Math.max(this.lastExecutedOrder, fact.executed_order);
    }
  }

  #change(fact: ExperimentFact, sign: 1 | -1): void {
    if (isAttemptFact(fact)) this.#changeAttempt(fact, sign);
    else shelve(this, fact, sign);
  }

  #changeAttempt(fact: AttemptFact, sign: 1 | -1): void {
    this.#weigh(fact, (attempt) => {
      attempt.change(fact, sign);
      return true;
    });
  }

  /** Changes a row's attempt, and what its provider has spent by what that changes. */
  #weigh(fact: AttemptFact, change: (attempt: AttemptTally) => boolean): boolean {
    const window = this.#windowOf(fact);
    const attempt = window.attempt(fact.attempt);
    const before = scaleSpend(attempt.spend, -1);
    if (!change(attempt)) return false;
    const spent = this.spent.get(window.provider) ?? NO_SPEND;
    this.spent.set(window.provider, addSpend(spent, addSpend(attempt.spend, before)));
    return true;
  }

  #windowOf(fact: AttemptFact): WindowTally {
    const key = this.#keyOf(fact);
    const known = this.windows.get(key);
    if (known !== undefined) return known;
    const [window, provider] = [ownText(fact.window), ownText(fact.provider)];
    const made = new WindowTally({ window, provider }, this.#traffic);
    this.windows.set(ownText(key), made);
    return made;
  }

  /** By hand, several providers may be measured over one window id. */
  #keyOf({ window, provider }: AttemptFact): string {
    return this.experimentId === MANUAL_EXPERIMENT ? `${window} ${provider}` : window;
  }
}

function claimOf({ record }: Row, against: string | undefined): Claim | undefined {
  if (against === undefined) return undefined;
  return { against, kind: record === "row_undone" ? "undoes" : "supersedes" };
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

export function emptyExperimentView(experimentId: string): ExperimentFold {
  return new ExperimentFold(experimentId);
}

/** Takes one row in and returns the same view, so that it serves as a reducer. */
export function foldExperiment(view: ExperimentFold, row: Row): ExperimentFold {
  view.fold(row);
  return view;
}
