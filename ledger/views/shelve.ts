import {
  isVerdictFact,
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
  type RegisteredFact,
  type SessionClosedFact,
  type SessionOpenedFact,
  type SnapshotFact,
  type Stamp,
  type VerdictFact,
} from "./experiment-fact.ts";

type Shelf<Fact> = Map<string, Fact>;

/** Facts that count, one shelf a kind, by row id. */
interface Shelves {
  readonly registrations: Shelf<RegisteredFact>;
  readonly amendments: Shelf<AmendedFact>;
  readonly sessions: Shelf<SessionOpenedFact>;
  readonly closings: Shelf<SessionClosedFact>;
  readonly assignments: Shelf<AssignedFact>;
  readonly budgetEvents: Shelf<BudgetFact>;
  readonly anomalies: Shelf<AnomalyFact>;
  readonly snapshots: Shelf<SnapshotFact>;
  readonly churns: Shelf<ChurnFact>;
  readonly looks: Shelf<LookFact>;
  readonly decisions: Shelf<DecisionFact>;
  readonly halts: Shelf<HaltFact>;
}

/** Puts a fact that is no attempt's on its shelf, or takes it away. */
export function shelve(
  shelves: Shelves,
  fact: Exclude<ExperimentFact, AttemptFact>,
  sign: 1 | -1,
): void {
  if (isVerdictFact(fact)) return shelveVerdict(shelves, fact, sign);
  switch (fact.kind) {
    case "registered":
      return toggle(shelves.registrations, fact, sign);
    case "amended":
      return toggle(shelves.amendments, fact, sign);
    case "session_opened":
      return toggle(shelves.sessions, fact, sign);
    case "session_closed":
      return toggle(shelves.closings, fact, sign);
    case "assigned":
      return toggle(shelves.assignments, fact, sign);
    case "budget":
      return toggle(shelves.budgetEvents, fact, sign);
    case "anomaly":
      return toggle(shelves.anomalies, fact, sign);
    case "snapshot":
      return toggle(shelves.snapshots, fact, sign);
    case "churn":
      return toggle(shelves.churns, fact, sign);
    case "other":
      return undefined;
  }
}

function shelveVerdict(shelves: Shelves, fact: VerdictFact, sign: 1 | -1): void {
  switch (fact.kind) {
    case "look":
      return toggle(shelves.looks, fact, sign);
    case "decision":
      return toggle(shelves.decisions, fact, sign);
    case "halt":
      return toggle(shelves.halts, fact, sign);
  }
}

function toggle<Fact extends Stamp>(shelf: Shelf<Fact>, fact: Fact, sign: 1 | -1): void {
  if (sign > 0) shelf.set(fact.id, fact);
  else shelf.delete(fact.id);
}
