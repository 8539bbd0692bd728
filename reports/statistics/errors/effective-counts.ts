import { sum } from "simple-statistics";

/** One feature's requests on one arm. */
export interface ErrorCount {
  readonly errors: number;
  readonly requests: number;
}

/** Counts that stand for independent requests, as many as clustered ones are worth. */
export interface EffectiveCounts {
  /** The share of requests that failed. */
  readonly p: number;
  /** Errors. */
  readonly x: number;
  /** Requests. */
  readonly n: number;
  /** How many clustered requests are worth one independent request; at least 1. */
  readonly deff: number;
  readonly xEff: number;
  readonly nEff: number;
  readonly clusters: number;
}

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
export function effectiveCounts(clusters: readonly ErrorCount[]): EffectiveCounts | null {
  const x = sum(clusters.map(({ errors }) => errors));
  const n = sum(clusters.map(({ requests }) => requests));
  if (n === 0) return null;
  const p = x / n;
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
