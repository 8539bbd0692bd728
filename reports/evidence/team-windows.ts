import {
  latestOf,
  attemptKey,
  type RetrospectiveFact,
  type TurnFact,
} from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { ObservedWindow } from "./observe-windows.ts";

/** A window that a team worked, with the rows of its final attempt. */
export interface TeamWindow {
  readonly window: ObservedWindow;
  /** In their order; a turn that was written twice counts once. */
  readonly turns: readonly TurnFact[];
  /** undefined if the team's work ended without one. */
  readonly retrospective: RetrospectiveFact | undefined;
}

/** The final windows whose last attempt has a turn of a role or a retrospective, in the order of the schedule. */
export function listTeamWindows(
  { turns, retrospectives }: Pick<ExperimentView, "turns" | "retrospectives">,
  windows: readonly ObservedWindow[],
): readonly TeamWindow[] {
  if (turns.size + retrospectives.size === 0) return [];
  const turnsOf = Map.groupBy(turns.values(), attemptKey);
  const reviewsOf = Map.groupBy(retrospectives.values(), attemptKey);
  return windows.flatMap((window): readonly TeamWindow[] => {
    if (window.final === undefined) return [];
    const key = attemptKey(window.final);
    const own = inOrder(turnsOf.get(key) ?? []);
    const retrospective = latestOf(reviewsOf.get(key) ?? []);
    if (own.length === 0 && retrospective === undefined) return [];
    return [{ window, turns: own, retrospective }];
  });
}

function inOrder(turns: readonly TurnFact[]): readonly TurnFact[] {
  return [...Map.groupBy(turns, ({ turn }) => turn).values()]
    .flatMap((same) => latestOf(same) ?? [])
    .toSorted((left, right) => left.turn - right.turn);
}
