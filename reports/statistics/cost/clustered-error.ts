import { mean, sampleStandardDeviation, sum } from "simple-statistics";

/** The standard error of a mean over rows that come in clusters; `null`: not available. */
export interface ClusteredError {
  /** Rows. */
  readonly n: number;
  readonly clusters: number;
  readonly mean: number;
  /** As if every row were independent. */
  readonly seNaive: number | null;
  readonly seClustered: number | null;
  readonly df: number;
}

/**
 * How uncertain is a mean over rows if rows of one feature belong together? Printed beside the
 * analysis of feature means for comparison, never instead of it.
 *
 * Source: Miller, Adding Error Bars to Evals, arXiv:2411.00640, with the factor √(G / (G − 1)).
 *
 * @example
 * clusteredError([[1, 2], [4]]).seClustered; // 1.1111111111111112
 */
export function clusteredError(clusters: readonly (readonly number[])[]): ClusteredError {
  const rows = clusters.flat();
  const centre = mean(rows);
  const sums = clusters.map((cluster) => sum(cluster.map((value) => value - centre)));
  const squares = sum(sums.map((value) => value * value));
  const count = clusters.length;
  return {
    n: rows.length,
    clusters: count,
    mean: centre,
    seNaive: rows.length < 2 ? null : sampleStandardDeviation(rows) / Math.sqrt(rows.length),
    seClustered:
      count < 2 ? null : (Math.sqrt(squares) / rows.length) * Math.sqrt(count / (count - 1)),
    df: count - 1,
  };
}
