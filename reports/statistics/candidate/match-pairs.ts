import type { Sequence } from "../core/sequence.ts";
import { unitKey } from "../cost/crossover-rounds.ts";
import type { AnalysedWindow } from "./window.ts";

/** Which windows to compare. */
export interface MatchInput {
  /** Valid windows only; a missing window is not in the list. */
  readonly windows: readonly AnalysedWindow[];
  readonly baseline: string;
  readonly candidate: string;
  /** Features in schedule order; by default in order of first appearance. */
  readonly schedule?: readonly string[] | undefined;
  /** The families of features that share more than others do; a feature without one is its own. */
  readonly families?: ReadonlyMap<string, string> | undefined;
}

/** Both windows of one replicate of a feature. */
export interface WindowPair {
  readonly sequence: Sequence;
  readonly a: AnalysedWindow;
  readonly b: AnalysedWindow;
}

/** The complete pairs of one feature. */
export interface FeaturePairs {
  readonly feature: string;
  readonly family: string | undefined;
  readonly pairs: readonly WindowPair[];
}

/** The features of one family: the unit of inference. A feature without a family is a unit by itself. */
export type Unit = readonly FeaturePairs[];

/** The units in order of their first feature. */
export function groupUnits(features: readonly FeaturePairs[]): readonly Unit[] {
  return [...Map.groupBy(features, unitKey).values()];
}

/**
 * Joins the windows of baseline and candidate to pairs by feature and replicate. A pair with one
 * window missing is counted and left out, never imputed.
 */
export function matchPairs(input: MatchInput) {
  const { windows, baseline, candidate, schedule } = input;
  const own = windows.filter(({ provider }) => provider === baseline || provider === candidate);
  const sets = [...Map.groupBy(own, pairKey).values()];
  const matched = sets.map((set) => ({
    a: set.filter(({ provider }) => provider === baseline),
    b: set.filter(({ provider }) => provider === candidate),
  }));
  const problem = findWindowProblem(own) ?? findRepeated(matched.flatMap(({ a, b }) => [a, b]));
  const pairs = matched.flatMap(({ a: [a], b: [b] }) =>
    a === undefined || b === undefined ? [] : [toPair(a, b)],
  );
  const lonely = matched.flatMap(({ a, b }) =>
    a.length === 0 || b.length === 0 ? [...a, ...b].slice(0, 1) : [],
  );
  const missingPeriod1 = lonely.filter(({ period }) => period !== 1).length;
  return {
    /** A window that is impossible or comes twice, in words; there are then no features. */
    problem,
    /** Features with at least one complete pair, in schedule order. */
    features:
      problem === null
        ? byFeature(pairs, schedule ?? windows.map(({ feature }) => feature), input.families)
        : [],
    incompletePairs: lonely.length,
    /** Incomplete pairs by the period of the missing window. */
    missingPeriod1,
    missingPeriod2: lonely.length - missingPeriod1,
  };
}

function pairKey({ feature, replicate }: AnalysedWindow): string {
  return JSON.stringify([feature, replicate]);
}

function toPair(a: AnalysedWindow, b: AnalysedWindow): WindowPair {
  return { sequence: a.period < b.period ? "AB" : "BA", a, b };
}

function byFeature(
  pairs: readonly WindowPair[],
  schedule: readonly string[],
  families: MatchInput["families"],
): readonly FeaturePairs[] {
  const grouped = Map.groupBy(pairs, ({ a }) => a.feature);
  return [...new Set(schedule)].flatMap((feature) => {
    const own = grouped.get(feature);
    return own === undefined ? [] : [{ feature, family: families?.get(feature), pairs: own }];
  });
}

function findRepeated(groups: readonly (readonly AnalysedWindow[])[]): string | null {
  const [, repeated] = groups.find((group) => group.length > 1) ?? [];
  if (repeated === undefined) return null;
  return `${nameOf(repeated)}: expected one window, got another.`;
}

/** The first impossible value among the windows, in words that name the window; null if there is none. */
function findWindowProblem(windows: readonly AnalysedWindow[]): string | null {
  for (const window of windows) {
    const problem = findProblem(window);
    if (problem !== null) return `${nameOf(window)}: ${problem}`;
  }
  return null;
}

/** How messages name a window. */
function nameOf({ feature, replicate, provider }: AnalysedWindow): string {
  return `Feature "${feature}", replicate ${replicate}, provider "${provider}"`;
}

function findProblem(window: AnalysedWindow): string | null {
  const { cost, quality, period, latenciesMs } = window;
  if (!(Number.isInteger(period) && period >= 1)) return `expected a period from 1, got ${period}.`;
  if (!(cost > 0 && cost < Infinity)) return `expected a positive finite cost, got ${cost}.`;
  if (quality !== null && !(quality >= 0 && quality <= 1)) {
    return `expected a quality between 0 and 1, got ${quality}.`;
  }
  const wrong = latenciesMs?.find((latency) => !(latency >= 0 && latency < Infinity));
  if (wrong !== undefined) return `expected latencies of 0 ms or more, got ${wrong}.`;
  return findCountProblem(window);
}

function findCountProblem({ errors, requests }: AnalysedWindow): string | null {
  if (requests !== null && !isCount(requests)) {
    return `expected a count of requests, got ${requests}.`;
  }
  if (errors === null || (isCount(errors) && errors <= (requests ?? Infinity))) return null;
  return `expected at most as many errors as requests, got ${errors} of ${requests ?? "unknown"}.`;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
