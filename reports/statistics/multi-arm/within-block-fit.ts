import { mean, sum } from "simple-statistics";

import { zeroIfNoise } from "../spread.ts";
import { invertSymmetric } from "./solve-symmetric.ts";

/** One observation: its block, its value and its explanatory columns. */
export interface BlockRow {
  readonly block: string;
  readonly y: number;
  readonly x: readonly number[];
}

/** Least squares within blocks. */
export interface WithinBlockFit {
  readonly coefficients: readonly number[];
  readonly se: readonly number[];
  readonly residualSd: number;
  readonly df: number;
}

/**
 * Fits y = block + x·β by least squares with a fixed effect for every block, without writing the
 * block columns out: values and columns are first freed from their block means.
 *
 * Null where the columns are not separable or nothing is left to estimate the variance from.
 *
 * Source: Frisch & Waugh, Econometrica 1933;1:387.
 */
export function fitWithinBlocks(rows: readonly BlockRow[]): WithinBlockFit | null {
  const centred = [...Map.groupBy(rows, ({ block }) => block).values()].flatMap(centre);
  const columns = rows[0]?.x.length ?? 0;
  const blocks = new Set(rows.map(({ block }) => block)).size;
  const df = rows.length - blocks - columns;
  const indices = Array.from({ length: columns }, (_, index) => index);
  const inverse = invertSymmetric(
    indices.map((first) => indices.map((second) => sum(products(centred, first, second)))),
  );
  if (inverse === null || df < 1) return null;
  const moments = indices.map((index) => sum(centred.map(({ x, y }) => (x[index] ?? 0) * y)));
  const coefficients = inverse.map((row) => dot(row, moments));
  const residuals = centred.map(({ x, y }) => y - dot(x, coefficients));
  const squares = sum(residuals.map((residual) => residual * residual));
  const residualSd = zeroIfNoise(
    Math.sqrt(squares / df),
    rows.map(({ y }) => y),
  );
  const se = inverse.map((row, index) => residualSd * Math.sqrt(row[index] ?? 0));
  return { coefficients, se, residualSd, df };
}

function centre(rows: readonly BlockRow[]): readonly BlockRow[] {
  const centreY = mean(rows.map(({ y }) => y));
  const [first] = rows;
  const centreX = (first?.x ?? []).map((_, index) => mean(rows.map(({ x }) => x[index] ?? 0)));
  return rows.map(({ block, y, x }) => ({
    block,
    y: y - centreY,
    x: x.map((value, index) => value - (centreX[index] ?? 0)),
  }));
}

function products(rows: readonly BlockRow[], first: number, second: number): readonly number[] {
  return rows.map(({ x }) => (x[first] ?? 0) * (x[second] ?? 0));
}

function dot(first: readonly number[], second: readonly number[]): number {
  return sum(first.map((value, index) => value * (second[index] ?? 0)));
}
