import type { Sequence } from "../sequence.ts";
import { findWindowProblem, nameOf } from "./find-window-problem.ts";
import type { AnalysedWindow } from "./window.ts";

/** Which windows to compare. */
export interface MatchInput {
  /** Valid windows only; a missing window is not in the list. */
  readonly windows: readonly AnalysedWindow[];
  readonly baseline: string;
  readonly candidate: string;
  /** Features in schedule order; by default in order of first appearance. */
  readonly schedule?: readonly string[] | undefined;
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
  readonly pairs: readonly WindowPair[];
}

/** Pairs by feature in schedule order, and what is missing. */
export interface MatchedPairs {
  /** A window that is impossible or comes twice, in words; there are then no features. */
  readonly problem: string | null;
  /** Features with at least one complete pair. */
  readonly features: readonly FeaturePairs[];
  readonly incompletePairs: number;
  /** Incomplete pairs by the period of the missing window. */
  readonly missingPeriod1: number;
  readonly missingPeriod2: number;
}

/**
 * Joins the windows of baseline and candidate to pairs by feature and replicate. A pair with one
 * window missing is counted and left out, never imputed.
 */
export function matchPairs({ windows, baseline, candidate, schedule }: MatchInput): MatchedPairs {
  const ofA = windowsByPair(windows, baseline);
  const ofB = windowsByPair(windows, candidate);
  const groups = [...ofA.values(), ...ofB.values()];
  const problem = findWindowProblem(groups.flat()) ?? findRepeated(groups);
  const pairs = [...ofA].flatMap(([key, [a]]) => {
    const [b] = ofB.get(key) ?? [];
    return a === undefined || b === undefined ? [] : [toPair(a, b)];
  });
  const lonely = [...without(ofA, ofB), ...without(ofB, ofA)];
  const missingPeriod1 = lonely.filter(({ period }) => period !== 1).length;
  return {
    problem,
    features:
      problem === null ? byFeature(pairs, schedule ?? windows.map(({ feature }) => feature)) : [],
    incompletePairs: lonely.length,
    missingPeriod1,
    missingPeriod2: lonely.length - missingPeriod1,
  };
}

type WindowsByPair = ReadonlyMap<string, readonly AnalysedWindow[]>;

function windowsByPair(windows: readonly AnalysedWindow[], provider: string): WindowsByPair {
  const own = windows.filter((window) => window.provider === provider);
  return Map.groupBy(own, ({ feature, replicate }) => JSON.stringify([feature, replicate]));
}

function toPair(a: AnalysedWindow, b: AnalysedWindow): WindowPair {
  return { sequence: a.period < b.period ? "AB" : "BA", a, b };
}

function without(own: WindowsByPair, other: WindowsByPair): readonly AnalysedWindow[] {
  return [...own].flatMap(([key, windows]) => (other.has(key) ? [] : windows.slice(0, 1)));
}

function byFeature(
  pairs: readonly WindowPair[],
  schedule: readonly string[],
): readonly FeaturePairs[] {
  const grouped = Map.groupBy(pairs, ({ a }) => a.feature);
  return [...new Set(schedule)].flatMap((feature) => {
    const own = grouped.get(feature);
    return own === undefined ? [] : [{ feature, pairs: own }];
  });
}

function findRepeated(groups: readonly (readonly AnalysedWindow[])[]): string | null {
  const [, repeated] = groups.find((group) => group.length > 1) ?? [];
  if (repeated === undefined) return null;
  return `${nameOf(repeated)}: expected one window, got another.`;
}
