import { z } from "zod";

import { isValidOutcome, Outcome } from "../../ledger/domain/outcome.ts";
import { MAIN_AGENT } from "../../ledger/domain/window.ts";
import {
  attemptKey,
  type AttemptKey,
  type FinalizedFact,
  latestOf,
  type SnapshotFact,
} from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf, finalOfWindow, windowsById } from "../../ledger/views/progress.ts";
import type { AttemptView, WindowView } from "../../ledger/views/window-view.ts";
import { noneOf } from "../statistics/core/status.ts";
import { type ComparedCost, comparedCost, hasLowerBound } from "./compared-cost.ts";
import { type AffectedIndex, joinNumbers } from "./index-affected.ts";
import { oncePerObject } from "./once-per-object.ts";
import type { Question } from "./question.ts";
import { assignmentsInOrder, type Registration } from "./registration.ts";
import { AffectedBy, Count, exact, listOf, NumberOrNull, Text, TextOrNull } from "./schema.ts";
import { drivenLacks, manualLacks, readingsOf, WindowLack } from "./window-lacks.ts";

/** The feature of a manual window that has not been completed. */
const FEATURE_UNKNOWN = "(not known yet)";

/** Why a plan's meter shows no cost, if its row gives no other reason. */
const BELOW_STEP = "below a step of the meter";

interface Sources {
  readonly view: ExperimentView;
  readonly registration: Registration;
  readonly asked: Question;
  readonly affected: AffectedIndex;
  /** The snapshots of a manual window's attempt; null for a registered experiment. */
  readonly readings: ((attempt: AttemptKey) => readonly SnapshotFact[]) | null;
  /** The anomalies of the files that windows are read from. */
  readonly ofFiles: readonly number[];
}

type Place = Pick<WindowLine, "feature_id" | "replicate" | "period" | "provider">;

interface Found {
  readonly place: Place;
  readonly view: WindowView | undefined;
  readonly id: string | null;
  readonly window_agent?: string | undefined;
}

/** Every planned window in the order of the schedule, then windows that no plan has. */
export function listWindows(
  asked: Omit<Sources, "readings" | "ofFiles">,
): readonly ObservedWindow[] {
  const { view, registration } = asked;
  const { affected } = asked;
  const sources = {
    ...asked,
    readings: view.design.isDriven ? null : indexReadings(view),
    ofFiles: joinNumbers([affected.ofFile("windows"), affected.ofFile("assignments")]),
  };
  const worked = workedWindows(view);
  const byPlace = new Map(worked.map((found) => [placeKey(found.place), found]));
  const planned = plannedPlaces(view, registration).map(({ place, key, id }): Found => {
    const window = byPlace.get(key)?.view;
    return { place, view: window, id: window?.window ?? id };
  });
  const shown = new Set(planned.map((found) => found.view));
  const unplanned = [...worked.filter((found) => !shown.has(found.view)), ...listBegun(view)];
  const observed = [...planned, ...unplanned.toSorted(byId)].map((found) =>
    observe(sources, found),
  );
  return view.design.isRegistered ? observed : placeManualWindows(observed);
}

interface PlannedPlace {
  readonly place: Place;
  readonly key: string;
  readonly id: string | null;
}

interface PlannedBefore {
  readonly schedule: ReturnType<typeof assignmentsInOrder>;
  readonly places: readonly PlannedPlace[];
}

const plannedBefore = new WeakMap<Registration, PlannedBefore>();

/** The places of all planned windows: the same objects while the schedule does not change. */
function plannedPlaces(view: ExperimentView, registration: Registration): readonly PlannedPlace[] {
  const schedule = assignmentsInOrder(view);
  const before = plannedBefore.get(registration);
  if (before?.schedule === schedule) return before.places;
  const ids = plannedIds(registration);
  const places = schedule.flatMap(({ feature_id, replicate, providers }) =>
    providers.map((provider, index) => {
      const place = { feature_id, replicate, period: index + 1, provider };
      const key = placeKey(place);
      return { place, key, id: ids.get(key) ?? null };
    }),
  );
  plannedBefore.set(registration, { schedule, places });
  return places;
}

const placeKey = oncePerObject(({ feature_id, replicate, provider }: Omit<Place, "period">) =>
  JSON.stringify([feature_id, replicate, provider]),
);

function byId(left: Found, right: Found): number {
  const [one, other] = [left, right].map(
    ({ id, place, window_agent: agent = MAIN_AGENT }) => `${String(id)} ${place.provider} ${agent}`,
  );
  return (one ?? "") < (other ?? "") ? -1 : 1;
}

/** The windows that have rows, in the order of their ids. */
function workedWindows(view: ExperimentView): readonly Found[] {
  return windowsById(view).flatMap(([, window]) => workedWindow(window) ?? []);
}

const workedBefore = new WeakMap<readonly AttemptView[], Found>();

/** A window with its first row: the same object while none of its rows changes. */
function workedWindow(window: WindowView): Found | undefined {
  const attempts = attemptsOf(window);
  const known = workedBefore.get(attempts);
  if (known !== undefined) return known;
  const place = firstRowOf(attempts);
  if (place === undefined) return undefined;
  const { window_agent, window: id } = window;
  const found = { place, view: window, id, window_agent };
  workedBefore.set(attempts, found);
  return found;
}

function firstRowOf(attempts: readonly AttemptView[]) {
  for (const { finalized, interrupted, opened } of attempts) {
    const first = finalized[0] ?? interrupted[0] ?? opened[0];
    if (first !== undefined) return first;
  }
  return undefined;
}

/** Manual windows that have readings and no end yet. */
function listBegun(view: ExperimentView): readonly Found[] {
  const begun = new Map<string, Found>();
  for (const reading of view.snapshots.values()) {
    const { window, provider, window_agent, feature_id: feature } = reading;
    const key = view.design.windowKey(reading);
    if (firstRowOf(attemptsOf(view.windows.get(key))) !== undefined) continue;
    const place = { feature_id: feature ?? FEATURE_UNKNOWN, replicate: 1, period: 1, provider };
    begun.set(key, { place, view: undefined, id: window, window_agent });
  }
  return [...begun.values()];
}

function indexReadings({ snapshots }: ExperimentView) {
  const byAttempt = Map.groupBy(snapshots.values(), attemptKey);
  return (attempt: AttemptKey) => byAttempt.get(attemptKey(attempt)) ?? [];
}

/** The registered ids of windows by their place, even of windows that have not been opened. */
function plannedIds({ assignments }: Registration): ReadonlyMap<string, string | undefined> {
  return new Map(
    assignments.flatMap(({ feature_id, replicate, providers, windows }) =>
      providers.map((provider, index) => [
        placeKey({ feature_id, replicate, provider }),
        windows[index],
      ]),
    ),
  );
}

/** A window with all that it was made of. */
interface ObservedBefore {
  readonly asked: Question;
  readonly attempts: readonly AttemptView[];
  readonly id: string | null;
  readonly window: ObservedWindow;
}

const observedBefore = new WeakMap<Place, ObservedBefore>();

/** A registered window is observed again only when its rows or its anomalies have changed, because every look reads all. */
function observe(sources: Sources, found: Found): ObservedWindow {
  const { view: experiment, asked, affected, ofFiles } = sources;
  const { place, view, id, window_agent } = found;
  const own = affected.ofWindow(id, place.provider, window_agent);
  const touched = own.length === 0 ? ofFiles : joinNumbers([own, ofFiles]);
  if (!experiment.design.isDriven || experiment.churns.size > 0) {
    return observeAnew(sources, found, touched);
  }
  const attempts = attemptsOf(view);
  const before = observedBefore.get(place);
  const isSame =
    before?.asked === asked &&
    before.attempts === attempts &&
    before.id === id &&
    before.window.view === view;
  if (isSame && isSameList(before.window.line.touched_by, touched)) return before.window;
  const window = observeAnew(sources, found, touched);
  observedBefore.set(place, { asked, attempts, id, window });
  return window;
}

function isSameList(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((number, index) => number === other[index]);
}

function observeAnew(
  { view: experiment, asked, readings }: Sources,
  { place, view, id, window_agent }: Found,
  touched_by: readonly number[],
): ObservedWindow {
  const ended = finalOfWindow(view);
  const final = ended && withChurn(experiment, ended);
  const { design } = experiment;
  const compared = final && comparedCost(final, view, { asked, design });
  const { missing, lacks } =
    final && compared ? findMissing(final, compared, { asked, readings }) : NOTHING_MISSING;
  const { feature_id, replicate, period, provider } = place;
  const line: WindowLine = {
    window: id,
    feature_id,
    replicate,
    period,
    provider,
    agent: design.agentOf({ window_agent }),
    executed_order: final?.executed_order ?? null,
    attempts: attemptsOf(view).length,
    state: final === undefined ? "not_run" : missing === null ? "valid" : "missing",
    ...measuresOf(final, compared, asked),
    lacks,
    touched_by,
  };
  return { line, view, final, missing };
}

/** The churn of a manual window may be measured after the window was completed. */
function withChurn({ churns }: ExperimentView, final: FinalizedFact): FinalizedFact {
  if (final.churn !== null || churns.size === 0) return final;
  const key = attemptKey(final);
  const own = [...churns.values()].filter((churn) => attemptKey(churn) === key);
  return { ...final, churn: latestOf(own)?.churn ?? null };
}

function measuresOf(
  final: FinalizedFact | undefined,
  compared: ComparedCost | undefined,
  asked: Question,
) {
  if (final === undefined) return NO_MEASURES;
  const { outcome, reason, scenarios_passed, scenarios_total: scenarios, quality } = final;
  const is_lower_bound = hasLowerBound(final, asked);
  const cost = compared?.amount ?? null;
  const { source } = final;
  const timing = timingOf(final);
  const graded = { outcome, reason, scenarios_passed, scenarios, quality };
  return { ...graded, cost, is_lower_bound, source, timing };
}

/** Setup is the rest of the window: workspace, sandbox and meters. */
function timingOf({ opened_at, duration_ms, timings }: FinalizedFact): WindowLine["timing"] {
  if (timings === undefined) return null;
  const { agent_ms: working_ms, grading_ms } = timings;
  const setup_ms = Math.max(0, duration_ms - working_ms - grading_ms);
  return { opened_at, setup_ms, working_ms, grading_ms };
}

const NO_MEASURES = {
  ...noneOf("outcome", "reason", "scenarios_passed", "scenarios", "quality", "cost", "timing"),
  is_lower_bound: false,
  source: null,
};

type Missing = Pick<ObservedWindow, "missing"> & Pick<WindowLine, "lacks">;

const NOTHING_MISSING: Missing = { missing: null, lacks: [] };

function findMissing(
  final: FinalizedFact,
  compared: ComparedCost,
  { asked, readings }: Pick<Sources, "asked" | "readings">,
): Missing {
  // The meters of manual windows give their cost, each in its own unit, and it may be missing.
  const costLack = readings === null ? findCostLack(final, compared, asked) : null;
  const lacks =
    readings === null
      ? drivenLacks(final, costLack)
      : manualLacks(final, readingsOf(readings(final)));
  return { missing: causeOf(final, lacks, asked), lacks };
}

/** The cause that the report counts by: the first lack, with a reason of its own if there is one. */
function causeOf(
  final: FinalizedFact,
  lacks: readonly WindowLack[],
  { cost_measure }: Question,
): string | null {
  const first = lacks[0] ?? null;
  if (!isValidOutcome(final.outcome)) return final.outcome;
  if (!final.is_complete) return "incomplete";
  const isOfPlan = cost_measure === "usd" && final.cost.basis === "plan";
  return first === "no_cost" && isOfPlan
    ? `no_cost (${final.dollars?.plan?.reason ?? BELOW_STEP})`
    : first;
}

function findCostLack(
  { cost }: FinalizedFact,
  { amount, hasSubagent }: ComparedCost,
  { cost_measure }: Question,
) {
  if (!hasSubagent) return "no_subagent";
  return cost.measure === cost_measure && amount !== null && amount > 0 ? null : "no_cost";
}

/** One planned window and how it ended. */
export const WindowLine = exact({
  window: TextOrNull,
  feature_id: Text,
  replicate: Count,
  period: Count,
  provider: Text,
  /** The agent that worked a manual window; null for a window that `run` works. */
  agent: TextOrNull,
  executed_order: Count.nullable(),
  attempts: Count,
  state: z.enum(["valid", "missing", "not_run"]),
  outcome: Outcome.nullable(),
  /** Why the window is missing or was stopped. */
  reason: TextOrNull,
  scenarios_passed: Count.nullable(),
  scenarios: Count.nullable(),
  quality: NumberOrNull,
  cost: NumberOrNull,
  /** The true cost is higher: the window was capped, or a request has no known cost. */
  is_lower_bound: z.boolean(),
  /** How its final row came to be: alias, ingest, automation or override. */
  source: TextOrNull,
  /** All that keeps a final window from counting; empty if it counts or has not ended. */
  lacks: listOf(WindowLack),
  /** The last attempt, in milliseconds; null if no agent ran. */
  timing: exact({
    opened_at: Text,
    setup_ms: z.number().nonnegative(),
    working_ms: z.number().nonnegative(),
    grading_ms: z.number().nonnegative(),
  }).nullable(),
  touched_by: AffectedBy,
});
export type WindowLine = z.infer<typeof WindowLine>;

/** A planned window with its rows. */
export interface ObservedWindow {
  readonly line: WindowLine;
  readonly view: WindowView | undefined;
  readonly final: FinalizedFact | undefined;
  /** Why it is missing, in a word; null if it is not. */
  readonly missing: string | null;
}

/**
 * Gives valid manual windows the places that a plan would have given them: the nth window of a
 * feature by a provider is its nth replicate, and the earlier window of a replicate is period 1.
 */
function placeManualWindows(windows: readonly ObservedWindow[]): readonly ObservedWindow[] {
  const valid = windows
    .filter(({ line }) => line.state === "valid")
    .toSorted((left, right) => orderOf(left) - orderOf(right));
  const replicates = countUp(valid, ({ line }) => [line.feature_id, line.provider]);
  const periods = countUp(valid, (window) => [window.line.feature_id, replicates.get(window)]);
  return windows.map((window) => ({
    ...window,
    line: {
      ...window.line,
      replicate: replicates.get(window) ?? window.line.replicate,
      period: periods.get(window) ?? window.line.period,
    },
  }));
}

/** The place of a finalized window in the order of execution. */
export function orderOf({ line }: ObservedWindow): number {
  return line.executed_order ?? 0;
}

function countUp(
  windows: readonly ObservedWindow[],
  keyOf: (window: ObservedWindow) => readonly unknown[],
): ReadonlyMap<ObservedWindow, number> {
  const counts = new Map<string, number>();
  return new Map(
    windows.map((window) => {
      const key = JSON.stringify(keyOf(window));
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return [window, count];
    }),
  );
}
