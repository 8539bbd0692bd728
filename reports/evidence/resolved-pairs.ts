import { countEnded } from "../../ledger/domain/request-fate.ts";
import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import { attemptsOf, modelLatencies, requestCounts } from "../../ledger/views/progress.ts";
import type { AttemptView } from "../../ledger/views/window-view.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { costOfAttempts } from "./compared-cost.ts";
import type { Evidence } from "./evidence.ts";
import { type ObservedWindow, orderOf } from "./observe-windows.ts";
import { oncePerObject } from "./once-per-object.ts";
import { assignmentsInOrder, matchedSetKey } from "./registration.ts";

/** Both providers' windows of one feature in one replicate. */
export interface PairedWindows {
  readonly baseline: ObservedWindow;
  readonly candidate: ObservedWindow;
}

/** One candidate's data at a look. */
export interface CandidateData {
  readonly candidate: string;
  /** Valid windows of the baseline and of the candidate. */
  readonly windows: readonly AnalysedWindow[];
  /** Features in schedule order. */
  readonly schedule?: readonly string[] | undefined;
  /** Features some of whose pairs may still come. */
  readonly unresolved?: readonly string[];
  /** The families of the features that name one. */
  readonly families?: ReadonlyMap<string, string>;
  /** The repositories of the features that come from one. */
  readonly repositories?: ReadonlyMap<string, string>;
  /** The largest `tokens_max` of the compared tasks, if costs are in tokens. */
  readonly costCap?: number | null;
  readonly capped: boolean;
  readonly deterministicRegressions: number;
}

/**
 * The data that a look at a candidate may use: the windows of the longest prefix of the schedule in
 * which every pair is resolved, that is complete or declared missing. Cheap runs finish first, so
 * taking pairs as they complete would bias early looks.
 *
 * `pairsMax` goes back to the look that had that many complete pairs.
 */
export function candidateData(
  evidence: Evidence,
  candidate: string,
  pairsMax = Number.POSITIVE_INFINITY,
): CandidateData {
  const isOfAll = pairsMax === Number.POSITIVE_INFINITY;
  return isOfAll ? allData(evidence, candidate) : gatherData(evidence, candidate, pairsMax);
}

const allData = rememberForEvidence((evidence, candidate) =>
  gatherData(evidence, candidate, Number.POSITIVE_INFINITY),
);

function gatherData(evidence: Evidence, candidate: string, pairsMax: number): CandidateData {
  const { tasks } = evidence.registration;
  const schedule = listPairs(evidence, candidate);
  const prefix = resolvedPrefix(schedule, pairsMax);
  const complete = prefix.filter(isComplete);
  return {
    candidate,
    windows: prefix.flatMap(windowsOf).flatMap(analysedWindow),
    schedule: schedule.map(featureOf),
    unresolved: schedule.slice(prefix.length).map(featureOf),
    ...groupsOf(tasks),
    costCap: evidence.asked.cost_measure === "tokens" ? capOf(tasks) : null,
    capped: complete.flatMap(windowsOf).some(({ line }) => line.is_lower_bound),
    deterministicRegressions: complete.reduce(
      (count, pair) => count + countRegressions(pair.baseline.final, pair.candidate.final),
      0,
    ),
  };
}

type Tasks = Evidence["registration"]["tasks"];

const groupsOf = oncePerObject((tasks: Tasks) => ({
  families: new Map(tasks.flatMap(({ id, family }) => (family === null ? [] : [[id, family]]))),
  repositories: new Map(
    tasks.flatMap(({ id, repository }) => (repository === null ? [] : [[id, repository]])),
  ),
}));

const capOf = oncePerObject((tasks: Tasks): number | null => {
  const caps = tasks.flatMap(({ tokens_max }) => tokens_max ?? []);
  return tasks.length === 0 || caps.length < tasks.length ? null : Math.max(...caps);
});

/** The windows of a look with other costs, or with windows for missing ones. */
export interface EnteredWindows {
  readonly windows: readonly AnalysedWindow[];
  /** Windows that were entered or changed. */
  readonly entered: number;
  /** Windows whose cost is not known, or is a lower bound. */
  readonly unknown: number;
}

/**
 * The data as if nothing went missing for free. A missing candidate window that was opened enters with
 * quality 0 and the larger of two costs: its baseline's, and all that its attempts spent. A missing
 * baseline window enters at its candidate's cost with quality 1. No window enters at a lower bound.
 */
export function enterMissing(evidence: Evidence, candidate: string): EnteredWindows {
  const added = resolvedPrefix(listPairs(evidence, candidate), Infinity).flatMap((pair) => {
    const { baseline: own, candidate: other } = pair;
    const [a] = analysedWindow(own);
    const [b] = analysedWindow(other);
    if (a !== undefined && other.line.state === "missing" && attemptsOf(other.view).length > 0) {
      const spent = own.line.is_lower_bound ? null : costOfAttempts(other.view, evidence.asked);
      return [
        spent === null ? null : entered(other, { cost: Math.max(a.cost, spent), quality: 0 }),
      ];
    }
    if (b === undefined || own.line.state !== "missing") return [];
    return [other.line.is_lower_bound ? null : entered(own, { cost: b.cost, quality: 1 })];
  });
  const known = added.filter((window) => window !== null);
  return {
    windows: [...candidateData(evidence, candidate).windows, ...known],
    entered: known.length,
    unknown: added.length - known.length,
  };
}

function entered(
  { line }: ObservedWindow,
  measures: Pick<AnalysedWindow, "cost" | "quality">,
): AnalysedWindow {
  const { feature_id: feature, replicate, provider, period } = line;
  const place = { feature, replicate, provider, period };
  return { ...place, ...measures, errors: null, requests: null, latenciesMs: null };
}

/** The data with what all attempts at the candidate's windows cost. Manual windows have one attempt. */
export function enterAttempts(evidence: Evidence, candidate: string): EnteredWindows {
  const pairs = evidence.design.isDriven ? listPairs(evidence, candidate) : [];
  const retried = resolvedPrefix(pairs, Infinity)
    .filter(isComplete)
    .map((pair) => pair.candidate)
    .filter(({ view }) => attemptsOf(view).length > 1);
  const costs = new Map(
    retried.map((window) => [
      matchedSetKey(window.line),
      costOfAttempts(window.view, evidence.asked),
    ]),
  );
  const windows = candidateData(evidence, candidate).windows.map((window) => {
    const cost = costs.get(matchedSetKey({ ...window, feature_id: window.feature })) ?? null;
    return window.provider === candidate && cost !== null ? { ...window, cost } : window;
  });
  const unknown = [...costs.values()].filter((cost) => cost === null).length;
  return { windows, entered: costs.size - unknown, unknown };
}

/** The finalized windows that a look at a candidate counts in pairs. */
export function countedFinals(
  evidence: Evidence,
  candidate: string,
  pairsMax = Number.POSITIVE_INFINITY,
): readonly FinalizedFact[] {
  return countedPairs(evidence, candidate, pairsMax)
    .flatMap(windowsOf)
    .flatMap(({ final }) => final ?? []);
}

/** The complete pairs that a look at a candidate counts. */
export function countedPairs(
  evidence: Evidence,
  candidate: string,
  pairsMax = Number.POSITIVE_INFINITY,
): readonly PairedWindows[] {
  return resolvedPrefix(listPairs(evidence, candidate), pairsMax).filter(isComplete);
}

/** Pairs whose windows were run in another order than assigned; manual windows have no assignment. */
export function countProtocolViolations(evidence: Evidence): number {
  return evidence.design.isRegistered ? violationsIn(evidence) : 0;
}

const violationsIn = rememberForEvidence((evidence) => {
  const sets = [...matchedSets(evidence).values()];
  return sets.filter((set) => {
    const orders = set
      .toSorted((left, right) => left.line.period - right.line.period)
      .flatMap(({ final }) => final?.executed_order ?? []);
    return orders.some((order, index) => index > 0 && order <= (orders[index - 1] ?? 0));
  }).length;
});

const matchedSets = rememberForEvidence(({ windows }) =>
  Map.groupBy(windows, ({ line }) => setKeyOf(line)),
);

/** The windows of the baseline and a candidate for every feature and replicate, in schedule order. */
export const listPairs = rememberForEvidence(pairWindows);

function pairWindows(evidence: Evidence, candidate: string): readonly PairedWindows[] {
  const { view, design, asked, windows } = evidence;
  const { baseline } = asked;
  if (!design.isRegistered) return pairManualWindows(windows, { baseline, candidate });
  const sets = matchedSets(evidence);
  return assignmentsInOrder(view).flatMap((assigned) => {
    const set = sets.get(setKeyOf(assigned)) ?? [];
    const own = set.find(({ line }) => line.provider === baseline);
    const other = set.find(({ line }) => line.provider === candidate);
    return own === undefined || other === undefined ? [] : [{ baseline: own, candidate: other }];
  });
}

/** Made once for each line or row. */
const setKeyOf = oncePerObject(matchedSetKey);

/** The rules of one moment ask the same of its evidence several times. */
function rememberForEvidence<Value>(make: (evidence: Evidence, candidate: string) => Value) {
  const valuesOf = oncePerObject<Evidence, Map<string, Value>>(() => new Map());
  return (evidence: Evidence, candidate = ""): Value => {
    const own = valuesOf(evidence);
    const value = own.get(candidate) ?? make(evidence, candidate);
    own.set(candidate, value);
    return value;
  };
}

/**
 * The pairs of the baseline with a candidate in the order in which they were completed, because
 * they have no schedule. A window that is corrected later keeps its place.
 */
function pairManualWindows(
  windows: readonly ObservedWindow[],
  { baseline, candidate }: { readonly baseline: string | null; readonly candidate: string },
) {
  const valid = windows.filter(({ line }) => line.state === "valid");
  const others = new Map(
    valid
      .filter(({ line }) => line.provider === candidate)
      .map((window) => [matchedSetKey(window.line), window]),
  );
  return valid
    .filter(({ line }) => line.provider === baseline)
    .flatMap((window) => {
      const other = others.get(matchedSetKey(window.line));
      return other === undefined ? [] : [{ baseline: window, candidate: other }];
    })
    .toSorted((left, right) => completedAt(left) - completedAt(right));
}

function completedAt(pair: PairedWindows): number {
  return Math.max(orderOf(pair.baseline), orderOf(pair.candidate));
}

function windowsOf({ baseline, candidate }: PairedWindows): readonly ObservedWindow[] {
  return [baseline, candidate];
}

function featureOf({ baseline }: PairedWindows): string {
  return baseline.line.feature_id;
}

function resolvedPrefix(
  schedule: readonly PairedWindows[],
  pairsMax: number,
): readonly PairedWindows[] {
  const prefix: PairedWindows[] = [];
  let pairs = 0;
  for (const pair of schedule) {
    const isResolved = windowsOf(pair).every(({ line }) => line.state !== "not_run");
    if (!isResolved || pairs >= pairsMax) return prefix;
    prefix.push(pair);
    pairs += isComplete(pair) ? 1 : 0;
  }
  return prefix;
}

function isComplete(pair: PairedWindows): boolean {
  return windowsOf(pair).every(({ line }) => line.state === "valid");
}

/**
 * Tests that pass under the baseline and fail under the candidate on the same feature. A candidate
 * that left nothing to grade fails every test that the baseline passes.
 */
export function countRegressions(baseline: Graded | undefined, candidate: Graded | undefined) {
  if (baseline === undefined || candidate === undefined) return 0;
  if (baseline.scenarios_total === 0) return 0;
  if (candidate.scenarios_total === 0) {
    return baseline.scenarios_total - baseline.scenarios_failed.length;
  }
  const failed = new Set(baseline.scenarios_failed);
  return candidate.scenarios_failed.filter((name) => !failed.has(name)).length;
}

type Graded = Pick<FinalizedFact, "scenarios_failed" | "scenarios_total">;

/** Remembered for each attempt, because every look reads all earlier windows again. */
const analysed = new WeakMap<
  AttemptView,
  { readonly revision: number; readonly windows: readonly AnalysedWindow[] }
>();

function analysedWindow(window: ObservedWindow): readonly AnalysedWindow[] {
  if (window.line.state !== "valid") return [];
  const { final, view } = window;
  const attempt = final === undefined ? undefined : view?.attempts.get(final.attempt);
  if (attempt === undefined) return [];
  const known = analysed.get(attempt);
  if (known?.revision === attempt.revision) return known.windows;
  const windows = readWindow(window);
  analysed.set(attempt, { revision: attempt.revision, windows });
  return windows;
}

function readWindow(window: ObservedWindow): readonly AnalysedWindow[] {
  const { line, final } = window;
  if (final === undefined || line.cost === null) return [];
  const counts = requestCounts(window);
  const { feature_id: feature, replicate, provider, period, cost, quality } = line;
  return [
    {
      feature,
      replicate,
      provider,
      period,
      cost,
      quality,
      errors: counts.errors,
      requests: countEnded(counts),
      latenciesMs: modelLatencies(window),
    },
  ];
}
