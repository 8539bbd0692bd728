import { isValidOutcome } from "../../ledger/domain/outcome.ts";
import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf, finalOf } from "../../ledger/views/progress.ts";
import type { WindowView } from "../../ledger/views/window-view.ts";
import { assignmentsInOrder } from "./assignments-in-order.ts";
import { joinTouches, type Touches } from "./index-touches.ts";
import type { Registration } from "./registration.ts";
import type { Asked, WindowLine } from "./report-data.ts";

/** A planned window with the row that ended it, if one did. */
export interface ObservedWindow {
  readonly line: WindowLine;
  readonly view: WindowView | undefined;
  readonly final: FinalizedFact | undefined;
  /** Why it is missing, in a word; null where it is not. */
  readonly missing: string | null;
}

interface Sources {
  readonly view: ExperimentView;
  readonly registration: Registration;
  readonly asked: Asked;
  readonly touches: Touches;
}

interface Place {
  readonly feature_id: string;
  readonly replicate: number;
  readonly period: number;
  readonly provider: string;
}

/** Every planned window in the order of the schedule, then those that nothing planned. */
export function listWindows(sources: Sources): readonly ObservedWindow[] {
  const worked = indexWorked(sources.view);
  const planned = assignmentsInOrder(sources.view).flatMap(({ feature_id, replicate, providers }) =>
    providers.map((provider, index) => ({ feature_id, replicate, period: index + 1, provider })),
  );
  const keys = new Set(planned.map(keyOf));
  const unplanned = [...worked.values()]
    .filter(({ place }) => !keys.has(keyOf(place)))
    .map(({ place }) => place);
  const ids = plannedIds(sources.registration);
  return [...planned, ...unplanned].map((place) => {
    const view = worked.get(keyOf(place))?.view;
    return observe(sources, { place, view, id: view?.window ?? ids.get(keyOf(place)) ?? null });
  });
}

/** The ids of windows by their place, also of those that have not been opened. */
function plannedIds({ assignments }: Registration): ReadonlyMap<string, string | undefined> {
  return new Map(
    assignments.flatMap(({ feature_id, replicate, providers, windows }) =>
      providers.map((provider, index) => [
        keyOf({ feature_id, replicate, provider }),
        windows[index],
      ]),
    ),
  );
}

function keyOf({ feature_id, replicate, provider }: Omit<Place, "period">): string {
  return JSON.stringify([feature_id, replicate, provider]);
}

/** The windows that have rows, by feature, replicate and provider; in the order of their ids. */
function indexWorked(view: ExperimentView) {
  const worked = new Map<string, { readonly place: Place; readonly view: WindowView }>();
  for (const window of [...view.windows.keys()].toSorted()) {
    const tally = view.windows.get(window);
    const rows = attemptsOf(tally).flatMap(({ finalized, interrupted, opened }) => [
      ...finalized,
      ...interrupted,
      ...opened,
    ]);
    const [row] = rows;
    if (tally !== undefined && row !== undefined)
      worked.set(keyOf(row), { place: row, view: tally });
  }
  return worked;
}

function observe(
  { view: experiment, asked, touches }: Sources,
  { place, view, id }: { place: Place; view: WindowView | undefined; id: string | null },
): ObservedWindow {
  const final = id === null ? undefined : finalOf(experiment, id);
  const missing = final === undefined ? null : findMissing(final, asked);
  const { feature_id, replicate, period, provider } = place;
  const line: WindowLine = {
    window: id,
    feature_id,
    replicate,
    period,
    provider,
    executed_order: final?.executed_order ?? null,
    attempts: attemptsOf(view).length,
    state: final === undefined ? "not_run" : missing === null ? "valid" : "missing",
    outcome: final?.outcome ?? null,
    reason: final?.reason ?? null,
    ...measuresOf(final),
    touched_by: joinTouches([
      touches.ofWindow(id),
      touches.ofFile("windows"),
      touches.ofFile("assignments"),
    ]),
  };
  return { line, view, final, missing };
}

function measuresOf(final: FinalizedFact | undefined) {
  return {
    scenarios_passed: final?.scenarios_passed ?? null,
    scenarios: final?.scenarios_total ?? null,
    quality: final?.quality ?? null,
    cost: final?.cost.amount ?? null,
    is_lower_bound: final?.cost.is_lower_bound ?? false,
  };
}

/** Why a finalized window does not enter the analysis. */
function findMissing(final: FinalizedFact, { cost_measure }: Asked): string | null {
  const { outcome, is_complete, cost, quality } = final;
  if (!isValidOutcome(outcome)) return outcome;
  if (!is_complete) return "incomplete";
  if (cost.measure !== cost_measure || cost.amount === null || cost.amount <= 0) return "no_cost";
  return quality === null ? "no_quality" : null;
}
