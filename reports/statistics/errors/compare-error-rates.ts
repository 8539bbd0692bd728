import { sum } from "simple-statistics";

import { noneOf, type AnalysisStatus, type Figures, type Possible } from "../core/status.ts";
import { normCdf } from "../numerics/normal.ts";
import {
  clopperPearsonInterval,
  newcombeInterval,
  scoreInterval,
  scoreZ,
  wilsonInterval,
  type Limits,
  type Share,
  type TwoShares,
} from "./share-intervals.ts";

/** Error rates of both arms and their difference B − A. `null`: not available. */
export interface ErrorRateComparison
  extends
    Figures<"pA" | "pB" | "diff">,
    Possible<"wilsonA" | "wilsonB" | "clopperA" | "clopperB", Limits> {
  readonly status: AnalysisStatus;
  /** Names the impossible count if the status is `invalid_input`. */
  readonly problem: string | null;
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
export interface ClusteredErrorRates
  extends ErrorRateComparison, Possible<"raoScottA" | "raoScottB", EffectiveCounts> {}

const EVERYTHING: Limits = [-1, 1];

const NOTHING: ErrorRateComparison = {
  status: "no_data",
  problem: null,
  ...noneOf("pA", "pB", "diff", "wilsonA", "wilsonB", "clopperA", "clopperB"),
  newcombe95: EVERYTHING,
  newcombe90: EVERYTHING,
  miettinenNurminen95: EVERYTHING,
  miettinenNurminen90: EVERYTHING,
  ...noneOf("niZ", "niP"),
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
export function compareErrorRates({ a, b }: TwoShares, delta = DEFAULT_DELTA): ErrorRateComparison {
  const problem = findProblem("A", a) ?? findProblem("B", b);
  if (problem !== null) return { ...NOTHING, status: "invalid_input", problem };
  const pA = shareOf(a);
  const pB = shareOf(b);
  if (pA === null || pB === null) return { ...NOTHING, pA, pB };
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

function shareOf({ x, n }: Share): number | null {
  return n === 0 ? null : x / n;
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
  const shares = { a: effectiveShare(raoScottA), b: effectiveShare(raoScottB) };
  return { ...compareErrorRates(shares, delta), raoScottA, raoScottB };
}

function effectiveShare(counts: EffectiveCounts | null): Share {
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

/** Requests of one arm: those that were answered or failed. */
export interface ErrorCount {
  /** How many of them failed. */
  readonly errors: number;
  readonly requests: number;
}

/** As many independent requests as the clustered ones are worth. */
export type EffectiveCounts = NonNullable<ReturnType<typeof effectiveCounts>>;

/**
 * How many independent requests are these clustered ones worth? Errors come in bursts within a
 * feature, and intervals for independent requests would be too narrow. Both counts are divided by
 * the design effect, never below 1. Null without requests.
 *
 * Source: Rao & Scott, Biometrics 1992;48:577.
 *
 * @example
 * effectiveCounts([{ errors: 0, requests: 10 }, { errors: 4, requests: 10 }])?.deff; // 5
 */
export function effectiveCounts(clusters: readonly ErrorCount[]) {
  const x = sum(clusters.map(({ errors }) => errors));
  const n = sum(clusters.map(({ requests }) => requests));
  const p = shareOf({ x, n });
  if (p === null) return null;
  /** How many clustered requests are worth one independent request; at least 1. */
  const deff = designEffect(clusters, p, n);
  return { p, x, n, deff, xEff: x / deff, nEff: n / deff, clusters: clusters.length };
}

function designEffect(clusters: readonly ErrorCount[], p: number, n: number): number {
  const m = clusters.length;
  if (m < 2 || p === 0 || p === 1) return 1;
  const squares = clusters.map(({ errors, requests }) => {
    const residual = errors - p * requests;
    return residual * residual;
  });
  const variance = ((m / (m - 1)) * sum(squares)) / (n * n);
  return Math.max(1, variance / ((p * (1 - p)) / n));
}
