import { normCdf } from "../numerics/normal.ts";
import type { AnalysisStatus } from "../status.ts";
import { effectiveCounts, type EffectiveCounts, type ErrorCount } from "./effective-counts.ts";
import { scoreInterval, scoreZ } from "./score-difference.ts";
import {
  clopperPearsonInterval,
  newcombeInterval,
  wilsonInterval,
  type Limits,
  type Share,
} from "./share-intervals.ts";

/** Error rates of both arms and their difference B − A. `null`: not available. */
export interface ErrorRateComparison {
  readonly status: AnalysisStatus;
  /** Which count is impossible, where the status is `invalid_input`. */
  readonly problem: string | null;
  readonly pA: number | null;
  readonly pB: number | null;
  readonly diff: number | null;
  readonly wilsonA: Limits | null;
  readonly wilsonB: Limits | null;
  readonly clopperA: Limits | null;
  readonly clopperB: Limits | null;
  readonly newcombe95: Limits;
  readonly newcombe90: Limits;
  readonly miettinenNurminen95: Limits;
  /** The interval that decides. */
  readonly miettinenNurminen90: Limits;
  /** Score statistic and p-value against "B errs more than A by delta or more". */
  readonly niZ: number | null;
  readonly niP: number | null;
}

/** As {@link ErrorRateComparison}, on the effective counts of clustered requests. */
export interface ClusteredErrorRates extends ErrorRateComparison {
  readonly raoScottA: EffectiveCounts | null;
  readonly raoScottB: EffectiveCounts | null;
}

const EVERYTHING: Limits = [-1, 1];

const NOTHING: ErrorRateComparison = {
  status: "no_data",
  problem: null,
  pA: null,
  pB: null,
  diff: null,
  wilsonA: null,
  wilsonB: null,
  clopperA: null,
  clopperB: null,
  newcombe95: EVERYTHING,
  newcombe90: EVERYTHING,
  miettinenNurminen95: EVERYTHING,
  miettinenNurminen90: EVERYTHING,
  niZ: null,
  niP: null,
};

/** The margin by which B may err more often. */
const DEFAULT_DELTA = 0.02;

/**
 * Does the candidate err more often? Both rates with their intervals, their difference with
 * Newcombe's interval (shown) and Miettinen & Nurminen's (decides), and the non-inferiority p-value
 * at `delta`.
 *
 * Assumes independent requests: see {@link compareClusteredErrorRates} for requests that come by
 * feature. Without requests on an arm the difference can be anything from −1 to 1.
 */
export function compareErrorRates(
  { a, b }: { readonly a: Share; readonly b: Share },
  delta = DEFAULT_DELTA,
): ErrorRateComparison {
  const problem = findProblem("A", a) ?? findProblem("B", b);
  if (problem !== null) return { ...NOTHING, status: "invalid_input", problem };
  if (a.n === 0 || b.n === 0) {
    return { ...NOTHING, pA: a.n === 0 ? null : a.x / a.n, pB: b.n === 0 ? null : b.x / b.n };
  }
  const pA = a.x / a.n;
  const pB = b.x / b.n;
  const niZ = scoreZ({ a, b }, delta);
  return {
    status: "ok",
    problem: null,
    pA,
    pB,
    diff: pB - pA,
    wilsonA: wilsonInterval(a, 0.95),
    wilsonB: wilsonInterval(b, 0.95),
    clopperA: clopperPearsonInterval(a, 0.95),
    clopperB: clopperPearsonInterval(b, 0.95),
    newcombe95: newcombeInterval({ a, b }, 0.95),
    newcombe90: newcombeInterval({ a, b }, 0.9),
    miettinenNurminen95: scoreInterval({ a, b }, 0.95),
    miettinenNurminen90: scoreInterval({ a, b }, 0.9),
    niZ,
    niP: normCdf(niZ),
  };
}

/**
 * {@link compareErrorRates} for requests clustered by feature: counts are first replaced by Rao &
 * Scott's effective counts, so that a burst of errors in one feature is not mistaken for many.
 */
export function compareClusteredErrorRates(
  { a, b }: { readonly a: readonly ErrorCount[]; readonly b: readonly ErrorCount[] },
  delta = DEFAULT_DELTA,
): ClusteredErrorRates {
  const problem = findClusterProblem("A", a) ?? findClusterProblem("B", b);
  if (problem !== null) {
    return { ...NOTHING, status: "invalid_input", problem, raoScottA: null, raoScottB: null };
  }
  const raoScottA = effectiveCounts(a);
  const raoScottB = effectiveCounts(b);
  const shares = { a: shareOf(raoScottA), b: shareOf(raoScottB) };
  return { ...compareErrorRates(shares, delta), raoScottA, raoScottB };
}

function shareOf(counts: EffectiveCounts | null): Share {
  return counts === null ? { x: 0, n: 0 } : { x: counts.xEff, n: counts.nEff };
}

function findClusterProblem(arm: string, clusters: readonly ErrorCount[]): string | null {
  for (const [index, { errors, requests }] of clusters.entries()) {
    const problem = findProblem(`Feature ${index + 1}, ${arm}`, { x: errors, n: requests });
    if (problem !== null) return problem;
  }
  return null;
}

function findProblem(where: string, { x, n }: Share): string | null {
  if (!(n >= 0 && n < Infinity)) return `${where}: expected a count of requests, got ${n}.`;
  if (!(x >= 0 && x <= n)) return `${where}: expected 0 to ${n} errors, got ${x}.`;
  return null;
}
