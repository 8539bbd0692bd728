import { type Design, designOf } from "../domain/design.ts";
import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { RECORD_SCHEMAS } from "../domain/validate-row.ts";
import {
  type AttemptFact,
  type AttemptKey,
  type ExperimentFact,
  type OtherFact,
  type Stamp,
  type TrafficFact,
} from "./experiment-fact.ts";
import { OpenReservations, type ReservationState } from "./open-reservations.ts";
import { numberedIds, PackedTraffic, type TrafficState } from "./packed-traffic.ts";
import { debitFact, nameUnreadable, readFact, requestFact } from "./read-fact.ts";
import { duplicateFact, unreadableFact } from "./row-anomalies.ts";
import { type Claim, type LivenessState, RowLiveness } from "./row-liveness.ts";
import { addSpend, NO_SPEND, type Spend } from "./spend.ts";
import { readTrafficLine } from "./traffic-line.ts";
import { type AttemptState, AttemptTally, type WindowView } from "./window-view.ts";

type ShelvedFact = Exclude<ExperimentFact, AttemptFact | OtherFact>;

/** Facts of one kind that count, by row id and in no particular order. */
type Shelf<Kind> = ReadonlyMap<string, Extract<ShelvedFact, { kind: Kind }>>;

/** A request or a debit is stored by its number. */
type StoredFact = Exclude<ExperimentFact, TrafficFact> | number;

type Shelves = {
  readonly [Kind in ShelvedFact["kind"]]: Shelf<Kind> & Map<string, Stamp>;
};

/** All that a fold holds, as plain data for `v8.serialize`, which keeps shared objects shared. */
export interface FoldState {
  readonly shelves: Shelves;
  readonly windows: readonly (Omit<WindowView, "attempts"> & {
    readonly key: string;
    readonly attempts: readonly AttemptState[];
  })[];
  readonly spent: Map<string, Spend>;
  readonly unreadable: Map<string, number>;
  readonly unknown: Map<string, number>;
  readonly duplicates: Map<string, number>;
  readonly lastExecutedOrder: number;
  readonly unreadableRows: number;
  readonly reservations: ReservationState;
  readonly traffic: TrafficState;
  readonly liveness: LivenessState<Exclude<StoredFact, number>>;
}

interface WindowTally extends WindowView {
  readonly attempts: Map<number, AttemptTally>;
}

const A_RESERVATION: OtherFact = { kind: "other", window: undefined, provider: undefined };

/**
 * What one experiment's rows say now: each row counts once, and only while no row supersedes or
 * undoes it. It takes rows in, each in constant time. Folding changes it in place. After every row
 * it equals a fold of the same rows from the start.
 */
export class ExperimentFold {
  readonly experimentId: string;
  readonly design: Design;
  readonly #shelves: Shelves;
  readonly registrations: Shelf<"registered">;
  readonly amendments: Shelf<"amended">;
  readonly sessions: Shelf<"session_opened">;
  readonly closings: Shelf<"session_closed">;
  readonly assignments: Shelf<"assigned">;
  readonly budgetEvents: Shelf<"budget">;
  /** Also those that concern the ledger as a whole. */
  readonly anomalies: Shelf<"anomaly">;
  /** Readings of manual windows. */
  readonly snapshots: Shelf<"snapshot">;
  readonly churns: Shelf<"churn">;
  /** Connections that sandboxed agents asked for, other than to their models. */
  readonly blockedConnections: Shelf<"blocked">;
  readonly tunnelledConnections: Shelf<"tunnelled">;
  readonly regradings: Shelf<"regraded">;
  /** Turns of the roles of teams, of all attempts. */
  readonly turns: Shelf<"turn">;
  readonly retrospectives: Shelf<"retrospective">;
  readonly looks: Shelf<"look">;
  readonly decisions: Shelf<"decision">;
  readonly halts: Shelf<"halt">;
  readonly #windows: Map<string, WindowTally>;
  /** By the `windowKey` of the design. A window may have no row that counts. */
  readonly windows: ReadonlyMap<string, WindowView>;
  readonly #spent: Map<string, Spend>;
  /** Tokens of all attempts, by provider. */
  readonly spent: ReadonlyMap<string, Spend>;
  /** Rows that do not keep their schema, by record name; of another major version also by that. Each is an anomaly too. */
  readonly unreadable: Map<string, number>;
  /** Rows of records that this version does not know, by record name; they enter nothing. */
  readonly unknown: Map<string, number>;
  /** Rows with the id of a row that was read before, by record name; each is an anomaly, and enters nothing else. */
  readonly duplicates: Map<string, number>;
  /**
   * The highest order in which a window was opened, 0 before the first. No two windows share an
   * order.
   */
  lastExecutedOrder: number;
  #unreadable: number;
  readonly #reservations: OpenReservations;
  readonly #traffic: PackedTraffic;
  readonly #liveness: RowLiveness<StoredFact>;

  /** @param state - That of another fold, which this one continues. */
  constructor(experimentId: string, state: FoldState = emptyState()) {
    this.experimentId = experimentId;
    this.design = designOf(experimentId);
    const { shelves } = state;
    this.#shelves = shelves;
    this.registrations = shelves.registered;
    this.amendments = shelves.amended;
    this.sessions = shelves.session_opened;
    this.closings = shelves.session_closed;
    this.assignments = shelves.assigned;
    this.budgetEvents = shelves.budget;
    this.anomalies = shelves.anomaly;
    this.snapshots = shelves.snapshot;
    this.churns = shelves.churn;
    this.blockedConnections = shelves.blocked;
    this.tunnelledConnections = shelves.tunnelled;
    this.regradings = shelves.regraded;
    this.turns = shelves.turn;
    this.retrospectives = shelves.retrospective;
    this.looks = shelves.look;
    this.decisions = shelves.decision;
    this.halts = shelves.halt;
    this.#traffic = new PackedTraffic(state.traffic);
    this.#reservations = new OpenReservations(state.reservations);
    this.#liveness = new RowLiveness((fact, sign) => this.#change(fact, sign), livenessIn(state));
    this.#windows = windowsIn(state, this.#traffic);
    this.windows = this.#windows;
    this.#spent = state.spent;
    this.spent = this.#spent;
    this.unreadable = state.unreadable;
    this.unknown = state.unknown;
    this.duplicates = state.duplicates;
    this.lastExecutedOrder = state.lastExecutedOrder;
    this.#unreadable = state.unreadableRows;
  }

  /** All that the fold holds, for another fold to continue. It shares its objects with this one. */
  get state(): FoldState {
    const { unreadable, unknown, duplicates, lastExecutedOrder } = this;
    const { facts, against, claims } = this.#liveness.state;
    // Traffic has its ids already.
    const ownFacts = facts.entries().filter((each) => isOwnFact(each));
    return {
      shelves: this.#shelves,
      windows: [...this.#windows].map(([key, { attempts, ...window }]) => ({
        ...window,
        key,
        attempts: [...attempts.values()].map(({ state }) => state),
      })),
      spent: this.#spent,
      unreadable,
      unknown,
      duplicates,
      lastExecutedOrder,
      unreadableRows: this.#unreadable,
      reservations: this.#reservations.state,
      traffic: this.#traffic.state,
      liveness: { facts: new Map(ownFacts), against, claims },
    };
  }

  /** Tokens reserved for requests that were never settled: in flight, or cut by a crash. */
  get unsettledTokens(): number {
    return this.#reservations.tokens;
  }

  /** A row that was read, whether it counts or not. */
  findRow(id: string): ExperimentFact | undefined {
    const fact = this.#liveness.find(id);
    return typeof fact === "number" ? this.#traffic.at(fact) : fact;
  }

  /** Whether a row counts, if it exists: no row in force supersedes or undoes it. */
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
    const row = readTrafficLine(line);
    if (row === undefined) return false;
    if (row.experiment_id !== this.experimentId) return true;
    if (this.#firstOf(row.id) !== undefined) return false;
    if (row.record === "budget_reserved") {
      this.#reservations.reserve(row);
      return true;
    }
    if (row.record === "budget_debited") this.#reservations.settle(row);
    const fact =
      row.record === "budget_debited" ? debitFact(row.id, row) : requestFact(row.id, row);
    this.#liveness.admit(row.id, this.#traffic.add(fact));
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
    return fact.kind === "request" || fact.kind === "debit" ? this.#traffic.add(fact) : fact;
  }

  #change(stored: StoredFact, sign: 1 | -1): void {
    if (typeof stored === "number") {
      const fact = this.#traffic.at(stored);
      this.#weigh(fact, (attempt) => attempt.changeTraffic(stored, fact, sign));
    } else if (isOwnRow(stored)) this.#weigh(stored, (attempt) => attempt.change(stored, sign));
    else if (stored.kind !== "other") this.#shelve(stored, sign);
  }

  #shelve(fact: ShelvedFact, sign: 1 | -1): void {
    const shelf: Map<string, Stamp> = this.#shelves[fact.kind];
    if (sign > 0) shelf.set(fact.id, fact);
    else shelf.delete(fact.id);
  }

  /** Changes a row's attempt, and its provider's spend by the difference. */
  #weigh(key: AttemptKey, change: (attempt: AttemptTally) => void): void {
    const { provider, attempts } = this.#windowOf(key);
    const attempt = attempts.get(key.attempt) ?? new AttemptTally(key.attempt, this.#traffic);
    attempts.set(key.attempt, attempt);
    const others = addSpend(this.#spent.get(provider) ?? NO_SPEND, attempt.spend, -1);
    change(attempt);
    this.#spent.set(provider, addSpend(others, attempt.spend));
  }

  #windowOf(attempt: AttemptKey): WindowTally {
    const { window, provider, window_agent } = attempt;
    const key = this.design.windowKey(attempt);
    const known = this.#windows.get(key) ?? { window, provider, window_agent, attempts: new Map() };
    this.#windows.set(key, known);
    return known;
  }
}

function emptyShelves(): Shelves {
  return {
    registered: new Map(),
    amended: new Map(),
    session_opened: new Map(),
    session_closed: new Map(),
    assigned: new Map(),
    budget: new Map(),
    anomaly: new Map(),
    snapshot: new Map(),
    churn: new Map(),
    blocked: new Map(),
    tunnelled: new Map(),
    regraded: new Map(),
    turn: new Map(),
    retrospective: new Map(),
    look: new Map(),
    decision: new Map(),
    halt: new Map(),
  };
}

function isOwnFact(entry: [string, StoredFact]): entry is [string, Exclude<StoredFact, number>] {
  return typeof entry[1] !== "number";
}

function emptyState(): FoldState {
  return {
    shelves: emptyShelves(),
    windows: [],
    spent: new Map(),
    unreadable: new Map(),
    unknown: new Map(),
    duplicates: new Map(),
    lastExecutedOrder: 0,
    unreadableRows: 0,
    reservations: new OpenReservations().state,
    traffic: new PackedTraffic().state,
    liveness: {
      facts: new Map(),
      against: { supersedes: new Map(), undoes: new Map() },
      claims: new Map(),
    },
  };
}

function livenessIn({ liveness, traffic }: FoldState): LivenessState<StoredFact> {
  return { ...liveness, late: () => numberedIds(traffic) };
}

function windowsIn(state: FoldState, traffic: PackedTraffic) {
  const windows = new Map<string, WindowTally>();
  for (const { key, attempts, ...window } of state.windows) {
    const tallies = attempts.map(
      (one) => [one.attempt, new AttemptTally(one.attempt, traffic, one)] as const,
    );
    windows.set(key, { ...window, attempts: new Map(tallies) });
  }
  return windows;
}

/** Whether a fact is of an attempt and no traffic. */
function isOwnRow(fact: Exclude<StoredFact, number>): fact is Exclude<AttemptFact, TrafficFact> {
  return ["opened", "interrupted", "finalized"].includes(fact.kind);
}

function claimOf({ record }: Row, against: string | undefined): Claim | undefined {
  if (against === undefined) return undefined;
  return { against, kind: record === "row_undone" ? "undoes" : "supersedes" };
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
