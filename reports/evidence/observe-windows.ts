import { isValidOutcome } from "../../ledger/domain/outcome.ts";
import { type FinalizedFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf } from "../../ledger/views/progress.ts";
import type { WindowView } from "../../ledger/views/window-view.ts";
import { noneOf } from "../statistics/status.ts";
import { type ComparedCost, manualCost, registeredCost } from "./compared-cost.ts";
import { type AffectedIndex, joinNumbers } from "./index-affected.ts";
import { placeManualWindows } from "./manual-pairs.ts";
import type { ObservedWindow, WindowLine } from "./observed-window.ts";
import type { Question } from "./question.ts";
import { assignmentsInOrder, type Registration } from "./registration.ts";

/** The feature of a manual window that has not been completed. */
const FEATURE_UNKNOWN = "(not known yet)";

/** Why a plan's meter shows no cost, if its row gives no other reason. */
const BELOW_STEP = "below a step of the meter";

interface Sources {
  readonly view: ExperimentView;
  readonly registration: Registration;
  readonly asked: Question;
  readonly affected: AffectedIndex;
}

type Place = Pick<WindowLine, "feature_id" | "replicate" | "period" | "provider">;

interface Found {
  readonly place: Place;
  readonly view: WindowView | undefined;
  readonly id: string | null;
}

/** Every planned window in the order of the schedule, then windows that no plan has. */
export function listWindows(sources: Sources): readonly ObservedWindow[] {
  const { view, registration } = sources;
  const worked = workedWindows(view);
  const byPlace = new Map(worked.map((found) => [keyOf(found.place), found]));
  const ids = plannedIds(registration);
  const planned = assignmentsInOrder(view)
    .flatMap(({ feature_id, replicate, providers }) =>
      providers.map((provider, index) => ({ feature_id, replicate, period: index + 1, provider })),
    )
    .map((place): Found => {
      const window = byPlace.get(keyOf(place))?.view;
      return { place, view: window, id: window?.window ?? ids.get(keyOf(place)) ?? null };
    });
  const shown = new Set(planned.map((found) => found.view));
  const unplanned = [...worked.filter((found) => !shown.has(found.view)), ...listBegun(view)];
  const rules = view.design === "manual" ? MANUAL : REGISTERED;
  const observed = [...planned, ...unplanned.toSorted(byId)].map((found) =>
    observe(sources, found, rules),
  );
  return rules.place(observed);
}

function keyOf({ feature_id, replicate, provider }: Omit<Place, "period">): string {
  return JSON.stringify([feature_id, replicate, provider]);
}

function byId(left: Found, right: Found): number {
  return `${left.id} ${left.place.provider}` < `${right.id} ${right.place.provider}` ? -1 : 1;
}

/** The windows that have rows, in the order of their ids. */
function workedWindows(view: ExperimentView): readonly Found[] {
  return [...view.windows].toSorted(byKey).flatMap(([, window]): readonly Found[] => {
    const [place] = attemptsOf(window).flatMap(({ finalized, interrupted, opened }) => [
      ...finalized,
      ...interrupted,
      ...opened,
    ]);
    return place === undefined ? [] : [{ place, view: window, id: window.window }];
  });
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

/** Manual windows that have readings and no end yet. */
function listBegun(view: ExperimentView): readonly Found[] {
  const begun = new Map<string, Found>();
  for (const { window, provider, feature_id: feature } of view.snapshots.values()) {
    const key = `${window} ${provider}`;
    if (attemptsOf(view.windows.get(key)).length > 0) continue;
    const place = { feature_id: feature ?? FEATURE_UNKNOWN, replicate: 1, period: 1, provider };
    begun.set(key, { place, view: undefined, id: window });
  }
  return [...begun.values()];
}

/** The registered ids of windows by their place, also of windows that have not been opened. */
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

/** What differs between the windows of a registered experiment and manual ones. */
interface DesignRules {
  costOf(final: FinalizedFact, view: WindowView | undefined, asked: Question): ComparedCost;
  /** Why a valid, complete window is missing for its cost; null if it is not. */
  missingCost(final: FinalizedFact, compared: ComparedCost, asked: Question): string | null;
  place(windows: readonly ObservedWindow[]): readonly ObservedWindow[];
}

const REGISTERED: DesignRules = {
  costOf: registeredCost,
  missingCost: findMissingCost,
  place: (windows) => windows,
};

/** Meters give their cost, each in its own unit, and it may be missing. */
const MANUAL: DesignRules = {
  costOf: (final, _view, asked) => manualCost(final, asked),
  missingCost: () => null,
  place: placeManualWindows,
};

function observe(
  { view: experiment, asked, affected }: Sources,
  { place, view, id }: Found,
  rules: DesignRules,
): ObservedWindow {
  const ended = latestOf(attemptsOf(view).flatMap(({ finalized }) => finalized));
  const final = ended === undefined ? undefined : withChurn(experiment, ended);
  const compared = final === undefined ? undefined : rules.costOf(final, view, asked);
  const missing =
    final === undefined || compared === undefined
      ? null
      : findMissing(final, rules.missingCost(final, compared, asked));
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
    ...measuresOf(final, compared),
    touched_by: joinNumbers([
      affected.ofWindow(id, provider),
      affected.ofFile("windows"),
      affected.ofFile("assignments"),
    ]),
  };
  return { line, view, final, missing };
}

/** The churn of a manual window may be measured after the window was completed. */
function withChurn({ churns }: ExperimentView, final: FinalizedFact): FinalizedFact {
  if (final.churn !== null || churns.size === 0) return final;
  const own = [...churns.values()].filter(
    ({ window, provider, attempt }) =>
      window === final.window && provider === final.provider && attempt === final.attempt,
  );
  return { ...final, churn: latestOf(own)?.churn ?? null };
}

function measuresOf(final: FinalizedFact | undefined, compared: ComparedCost | undefined) {
  if (final === undefined) return NO_MEASURES;
  return {
    outcome: final.outcome,
    reason: final.reason,
    scenarios_passed: final.scenarios_passed,
    scenarios: final.scenarios_total,
    quality: final.quality,
    cost: compared?.amount ?? null,
    is_lower_bound: final.cost.is_lower_bound,
  };
}

const NO_MEASURES = {
  ...noneOf("outcome", "reason", "scenarios_passed", "scenarios", "quality", "cost"),
  is_lower_bound: false,
};

function findMissing(
  { outcome, is_complete, quality }: FinalizedFact,
  missingCost: string | null,
): string | null {
  if (!isValidOutcome(outcome)) return outcome;
  if (!is_complete) return "incomplete";
  return missingCost ?? (quality === null ? "no_quality" : null);
}

function findMissingCost(
  { cost, dollars }: FinalizedFact,
  { amount, hasSubagent }: ComparedCost,
  { cost_measure }: Question,
): string | null {
  if (!hasSubagent) return "no_subagent";
  if (cost.measure === cost_measure && amount !== null && amount > 0) return null;
  const isOfPlan = cost_measure === "usd" && cost.basis === "plan";
  return isOfPlan ? `no_cost (${dollars?.plan?.reason ?? BELOW_STEP})` : "no_cost";
}
