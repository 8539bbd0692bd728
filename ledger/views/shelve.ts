import type { AttemptFact, ExperimentFact, OtherFact, Stamp } from "./experiment-fact.ts";
import type { ExperimentView } from "./experiment-view.ts";

type ShelvedFact = Exclude<ExperimentFact, AttemptFact | OtherFact>;

/** The name of the shelf that holds facts of a kind. */
type ShelfOf<Kind> = {
  [Name in keyof ExperimentView]: ExperimentView[Name] extends ReadonlyMap<
    string,
    Extract<ShelvedFact, { kind: Kind }>
  >
    ? Name
    : never;
}[keyof ExperimentView];

const SHELF_OF: { readonly [Kind in ShelvedFact["kind"]]: ShelfOf<Kind> } = {
  registered: "registrations",
  amended: "amendments",
  session_opened: "sessions",
  session_closed: "closings",
  assigned: "assignments",
  budget: "budgetEvents",
  anomaly: "anomalies",
  snapshot: "snapshots",
  churn: "churns",
  look: "looks",
  decision: "decisions",
  halt: "halts",
};

/** Facts that count, one shelf a kind, by row id. */
type Shelves = Readonly<Record<ShelfOf<ShelvedFact["kind"]>, Map<string, Stamp>>>;

/** Puts a fact that is no attempt's on its shelf, or takes it away. */
export function shelve(shelves: Shelves, fact: ShelvedFact | OtherFact, sign: 1 | -1): void {
  if (fact.kind === "other") return;
  const shelf = shelves[SHELF_OF[fact.kind]];
  if (sign > 0) shelf.set(fact.id, fact);
  else shelf.delete(fact.id);
}
