import type { Design } from "../domain/experiment.ts";
import type {
  AmendedFact,
  AnomalyFact,
  AssignedFact,
  BudgetFact,
  ChurnFact,
  DecisionFact,
  ExperimentFact,
  HaltFact,
  LookFact,
  RegisteredFact,
  SessionClosedFact,
  SessionOpenedFact,
  SnapshotFact,
} from "./experiment-fact.ts";
import type { Spend } from "./spend.ts";
import type { WindowView } from "./window-view.ts";

type Shelf<Fact> = ReadonlyMap<string, Fact>;

/**
 * What one experiment's rows say now: each row counts once, and only while no row supersedes or
 * undoes it. Shelves are keyed by row id and in no particular order.
 */
export interface ExperimentView {
  readonly experimentId: string;
  readonly design: Design;
  readonly registrations: Shelf<RegisteredFact>;
  readonly amendments: Shelf<AmendedFact>;
  readonly sessions: Shelf<SessionOpenedFact>;
  readonly closings: Shelf<SessionClosedFact>;
  readonly assignments: Shelf<AssignedFact>;
  /** By window id, or for manual windows by window id and provider. A window may have no row that counts. */
  readonly windows: ReadonlyMap<string, WindowView>;
  readonly budgetEvents: Shelf<BudgetFact>;
  /** Also those that concern the ledger as a whole. */
  readonly anomalies: Shelf<AnomalyFact>;
  /** Readings of manual windows. */
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
  /** A row that the view has read, whether it counts or not. */
  findRow(id: string): ExperimentFact | undefined;
  /** Whether a row counts, if it exists: no row in force supersedes or undoes it. */
  isAlive(id: string): boolean;
  /**
   * The highest order in which a window was opened, 0 before the first. No two windows share an
   * order.
   */
  readonly lastExecutedOrder: number;
}
