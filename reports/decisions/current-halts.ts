import { latestOf, type HaltFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { Stop } from "./find-stops.ts";

/** What is halted, as the ledger's last word on every arm and rule says. */
export function currentHalts(view: ExperimentView): readonly Stop[] {
  const byRule = Map.groupBy(view.halts.values(), keyOf);
  return [...byRule.values()]
    .map((facts) => latestOf(facts))
    .filter((fact) => fact !== undefined)
    .toSorted((left, right) => left.seq - right.seq)
    .flatMap(({ provider, rule, halted }) =>
      halted === null ? [] : [{ provider, rule, ...halted }],
    );
}

/** Stops that the ledger does not know yet, and halts whose cause is gone. */
export function changedHalts(
  view: ExperimentView,
  stops: readonly Stop[],
): { readonly halted: readonly Stop[]; readonly released: readonly Stop[] } {
  const known = currentHalts(view);
  const knownKeys = new Set(known.map(keyOf));
  const keys = new Set(stops.map(keyOf));
  return {
    halted: stops.filter((stop) => !knownKeys.has(keyOf(stop))),
    released: known.filter((stop) => !keys.has(keyOf(stop))),
  };
}

function keyOf({ provider, rule }: Pick<HaltFact, "provider" | "rule">): string {
  return JSON.stringify([provider, rule]);
}
