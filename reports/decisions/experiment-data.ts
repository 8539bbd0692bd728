import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { AttemptView } from "../../ledger/views/window-view.ts";
import { assignmentsInOrder } from "../report/assignments-in-order.ts";
import type { ObservedWindow } from "../report/list-windows.ts";
import { pairHandWindows } from "../report/place-hand-windows.ts";
import type { ReportContext } from "../report/report-context.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import type { CandidateData } from "./assess-candidates.ts";
import { countRegressions } from "./count-regressions.ts";

/** Both providers' windows of one feature in one replicate. */
interface ScheduledPair {
  readonly feature: string;
  readonly baseline: ObservedWindow | undefined;
  readonly candidate: ObservedWindow | undefined;
}

/**
 * What a look at a candidate may see: the windows of the longest prefix of the schedule whose pairs
 * are all resolved, that is complete or declared missing. Cheap runs finish first; taking pairs as
 * they complete would bias early looks.
 *
 * `pairsMax` goes back to the look that had that many complete pairs.
 */
export function candidateData(
  context: ReportContext,
  candidate: string,
  pairsMax = Number.POSITIVE_INFINITY,
): CandidateData {
  const schedule = schedulePairs(context, candidate);
  const prefix = resolvedPrefix(schedule, pairsMax);
  const inPrefix = new Set(prefix);
  const complete = prefix.filter(isComplete);
  return {
    candidate,
    windows: prefix.flatMap(({ baseline, candidate: other }) =>
      [baseline, other].flatMap(analysedWindow),
    ),
    schedule: schedule.map(({ feature }) => feature),
    unresolved: schedule.filter((pair) => !inPrefix.has(pair)).map(({ feature }) => feature),
    capped: complete.some((pair) =>
      [pair.baseline, pair.candidate].some((window) => window?.line.outcome === "capped"),
    ),
    deterministicRegressions: complete.reduce(
      (count, pair) => count + countRegressions(pair.baseline?.final, pair.candidate?.final),
      0,
    ),
  };
}

/** The finalized windows that a look at a candidate counts in pairs. */
export function countedFinals(
  context: ReportContext,
  candidate: string,
  pairsMax = Number.POSITIVE_INFINITY,
): readonly FinalizedFact[] {
  const prefix = resolvedPrefix(schedulePairs(context, candidate), pairsMax);
  return prefix
    .filter(isComplete)
    .flatMap((pair) => [pair.baseline?.final, pair.candidate?.final])
    .filter((final) => final !== undefined);
}

/** Pairs whose windows were run in another order than assigned; by hand, none is assigned. */
export function countProtocolViolations({ view, windows }: ReportContext): number {
  if (view.experimentId === MANUAL_EXPERIMENT) return 0;
  const units = Map.groupBy(windows, ({ line }) =>
    JSON.stringify([line.feature_id, line.replicate]),
  );
  return [...units.values()].filter((unit) => {
    const orders = unit
      .toSorted((left, right) => left.line.period - right.line.period)
      .flatMap(({ final }) => (final === undefined ? [] : [final.executed_order]));
    return orders.some((order, index) => index > 0 && order <= (orders[index - 1] ?? 0));
  }).length;
}

function schedulePairs(context: ReportContext, candidate: string): readonly ScheduledPair[] {
  const { view, asked, windows } = context;
  if (view.experimentId === MANUAL_EXPERIMENT) {
    return pairHandWindows(windows, { baseline: asked.baseline, candidate });
  }
  const byPlace = new Map(windows.map((window) => [placeOf(window.line), window]));
  return assignmentsInOrder(view)
    .filter(({ providers }) => providers.includes(candidate))
    .map(({ feature_id, replicate }) => ({
      feature: feature_id,
      baseline: byPlace.get(placeOf({ feature_id, replicate, provider: asked.baseline ?? "" })),
      candidate: byPlace.get(placeOf({ feature_id, replicate, provider: candidate })),
    }));
}

function placeOf(place: {
  readonly feature_id: string;
  readonly replicate: number;
  readonly provider: string;
}): string {
  return JSON.stringify([place.feature_id, place.replicate, place.provider]);
}

function resolvedPrefix(
  schedule: readonly ScheduledPair[],
  pairsMax: number,
): readonly ScheduledPair[] {
  const prefix: ScheduledPair[] = [];
  let pairs = 0;
  for (const pair of schedule) {
    if (!isResolved(pair) || pairs >= pairsMax) return prefix;
    prefix.push(pair);
    pairs += isComplete(pair) ? 1 : 0;
  }
  return prefix;
}

function isResolved({ baseline, candidate }: ScheduledPair): boolean {
  return [baseline, candidate].every(
    (window) => window !== undefined && window.line.state !== "not_run",
  );
}

function isComplete({ baseline, candidate }: ScheduledPair): boolean {
  return [baseline, candidate].every((window) => window?.line.state === "valid");
}

/** Remembered for each attempt, because every look goes over all windows before it again. */
const analysed = new WeakMap<
  AttemptView,
  { readonly revision: number; readonly windows: readonly AnalysedWindow[] }
>();

function analysedWindow(window: ObservedWindow | undefined): readonly AnalysedWindow[] {
  if (window === undefined || window.line.state !== "valid") return [];
  const { final, view } = window;
  const attempt = final === undefined ? undefined : view?.attempts.get(final.attempt);
  if (attempt === undefined) return [];
  const known = analysed.get(attempt);
  if (known?.revision === attempt.revision) return known.windows;
  const windows = readWindow(window, attempt);
  analysed.set(attempt, { revision: attempt.revision, windows });
  return windows;
}

function readWindow(
  { line, final }: ObservedWindow,
  attempt: AttemptView,
): readonly AnalysedWindow[] {
  if (final === undefined || line.cost === null) return [];
  // Of the finalized attempt, those that asked a model to work.
  const requests = attempt.requests.filter(({ is_model }) => is_model);
  const ended = requests.filter(({ fate }) => fate === "answered" || fate === "failed");
  const errors = requests.filter(({ fate }) => fate === "failed").length;
  const counted =
    requests.length > 0
      ? { errors, requests: ended.length }
      : {
          errors: final.requests.errors,
          requests: final.requests.total - final.requests.refused,
        };
  return [
    {
      feature: line.feature_id,
      replicate: line.replicate,
      provider: line.provider,
      period: line.period,
      cost: line.cost,
      quality: line.quality,
      ...counted,
      latenciesMs: ended.map(({ latency_ms }) => latency_ms).filter((ms) => ms !== null),
    },
  ];
}
