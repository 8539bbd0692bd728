import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { isValidOutcome } from "../../ledger/domain/outcome.ts";
import { type FinalizedFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf } from "../../ledger/views/progress.ts";
import type { WindowView } from "../../ledger/views/window-view.ts";
import { assignmentsInOrder } from "./assignments-in-order.ts";
import { comparedCost, type ComparedCost } from "./compared-cost.ts";
import { joinTouches, type Touches } from "./index-touches.ts";
import { placeHandWindows } from "./place-hand-windows.ts";
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

/** The feature of a window worked by hand that has not been completed. */
const NOT_TOLD = "(not told yet)";

/** A plan's meter did not move by one step. */
const BELOW_STEP = "below a step of the meter";

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
  const ids = plannedIds(sources.registration);
  const places = planned.map((place) => {
    const view = worked.get(keyOf(place))?.view;
    return { place, view, id: view?.window ?? ids.get(keyOf(place)) ?? null };
  });
  const observed = [...places, ...listUnplanned(sources.view, places)].map((place) =>
    observe(sources, place),
  );
  return sources.view.experimentId === MANUAL_EXPERIMENT ? placeHandWindows(observed) : observed;
}

interface Found {
  readonly place: Place;
  readonly view: WindowView | undefined;
  readonly id: string | null;
}

/** Windows that have rows and that nothing planned: one line each, also where a feature is worked again. */
function listUnplanned(view: ExperimentView, planned: readonly Found[]): readonly Found[] {
  const shown = new Set(planned.map((found) => found.view));
  const worked = workedWindows(view).filter((found) => !shown.has(found.view));
  return [...worked, ...listBegun(view)].toSorted((left, right) =>
    `${left.id} ${left.place.provider}` < `${right.id} ${right.place.provider}` ? -1 : 1,
  );
}

/** Windows worked by hand that have readings and no end yet. */
function listBegun(view: ExperimentView): readonly Found[] {
  const begun = new Map<string, Found>();
  for (const { window, provider, feature_id: feature } of view.snapshots.values()) {
    const key = `${window} ${provider}`;
    if (attemptsOf(view.windows.get(key)).length > 0) continue;
    const place = { feature_id: feature ?? NOT_TOLD, replicate: 1, period: 1, provider };
    begun.set(key, { place, view: undefined, id: window });
  }
  return [...begun.values()];
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
function indexWorked(view: ExperimentView): ReadonlyMap<string, Found> {
  return new Map(workedWindows(view).map((found) => [keyOf(found.place), found]));
}

function workedWindows(view: ExperimentView): readonly Found[] {
  return [...view.windows.keys()].toSorted().flatMap((key): readonly Found[] => {
    const tally = view.windows.get(key);
    const [place] = attemptsOf(tally).flatMap(({ finalized, interrupted, opened }) => [
      ...finalized,
      ...interrupted,
      ...opened,
    ]);
    return tally === undefined || place === undefined
      ? []
      : [{ place, view: tally, id: tally.window }];
  });
}

function observe(
  { view: experiment, asked, touches }: Sources,
  { place, view, id }: Found,
): ObservedWindow {
  const ended = latestOf(attemptsOf(view).flatMap(({ finalized }) => finalized));
  const final = ended === undefined ? undefined : withChurn(experiment, ended);
  const compared = final === undefined ? undefined : comparedCost(final, view, asked);
  const missing = findMissing(final, compared, asked);
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
    ...measuresOf(final, compared),
    touched_by: joinTouches([
      touches.ofWindow(id, provider),
      touches.ofFile("windows"),
      touches.ofFile("assignments"),
    ]),
  };
  return { line, view, final, missing };
}

/** By hand, churn may be measured after the window was completed. */
function withChurn({ churns }: ExperimentView, final: FinalizedFact): FinalizedFact {
  if (final.churn !== null || churns.size === 0) return final;
  const own = [...churns.values()].filter(
    ({ window, provider, attempt }) =>
      window === final.window && provider === final.provider && attempt === final.attempt,
  );
  return { ...final, churn: latestOf(own)?.churn ?? null };
}

function measuresOf(final: FinalizedFact | undefined, compared: ComparedCost | undefined) {
  return {
    scenarios_passed: final?.scenarios_passed ?? null,
    scenarios: final?.scenarios_total ?? null,
    quality: final?.quality ?? null,
    cost: compared?.amount ?? null,
    is_lower_bound: final?.cost.is_lower_bound ?? false,
  };
}

/** Why a finalized window does not enter the analysis. */
function findMissing(
  final: FinalizedFact | undefined,
  compared: ComparedCost | undefined,
  asked: Asked,
): string | null {
  if (final === undefined || compared === undefined) return null;
  const { outcome, is_complete, quality } = final;
  if (!isValidOutcome(outcome)) return outcome;
  if (!is_complete) return "incomplete";
  // What a window worked by hand cost is read from meters, each in a unit of its own.
  if (asked.experiment_id === MANUAL_EXPERIMENT) return quality === null ? "no_quality" : null;
  if (!compared.hasSubagent) return "no_subagent";
  if (!hasCost(final, compared, asked)) return sayNoCost(final, asked);
  return quality === null ? "no_quality" : null;
}

/** Of a plan why there is none: a meter moves in steps, and is read before and after. */
function sayNoCost({ cost, dollars }: FinalizedFact, { cost_measure }: Asked): string {
  if (cost_measure !== "usd" || cost.basis !== "plan") return "no_cost";
  return `no_cost (${dollars?.plan?.reason ?? BELOW_STEP})`;
}

function hasCost(
  { cost }: FinalizedFact,
  { amount }: ComparedCost,
  { cost_measure }: Asked,
): boolean {
  return cost.measure === cost_measure && amount !== null && amount > 0;
}
