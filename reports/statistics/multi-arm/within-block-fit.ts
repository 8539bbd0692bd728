import { mean, sum } from "simple-statistics";

import { zeroIfNoise } from "../core/spread.ts";

const SINGULAR = 1e-10;

/** One observation: its block, its value and its explanatory columns. */
export interface BlockRow {
  readonly block: string;
  readonly y: number;
  readonly x: readonly number[];
}

/** Least squares within blocks. */
export type WithinBlockFit = NonNullable<ReturnType<typeof fitWithinBlocks>>;

/**
 * Fits y = block + x·β by least squares with a fixed effect for every block. Needs no block columns:
 * block means are first subtracted from values and columns.
 *
 * Null if the columns are not separable or nothing is left to estimate the variance from.
 *
 * Source: Frisch & Waugh, Econometrica 1933;1:387.
 */
export function fitWithinBlocks(rows: readonly BlockRow[]) {
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

/**
 * The inverse of a small symmetric positive definite matrix, by Gauss–Jordan elimination, which needs
 * no pivoting for such a matrix. Null if the matrix is singular to rounding.
 *
 * @example
 * invertSymmetric([[2, 0], [0, 4]]); // [[0.5, 0], [0, 0.25]]
 */
export function invertSymmetric(
  matrix: readonly (readonly number[])[],
): readonly (readonly number[])[] | null {
  const size = matrix.length;
  const largest = Math.max(0, ...matrix.flat().map((value) => Math.abs(value)));
  let rows = matrix.map((row, index) => [
    ...row,
    ...row.map((_, place) => Number(place === index)),
  ]);
  for (let column = 0; column < size; column += 1) {
    const pivot = rows[column]?.[column] ?? 0;
    if (pivot <= SINGULAR * largest) return null;
    const scaled = (rows[column] ?? []).map((value) => value / pivot);
    rows = rows.map((row, index) => (index === column ? scaled : eliminate(row, scaled, column)));
  }
  return rows.map((row) => row.slice(size));
}

function eliminate(row: readonly number[], pivotRow: readonly number[], column: number): number[] {
  const factor = row[column] ?? 0;
  return row.map((value, index) => value - factor * (pivotRow[index] ?? 0));
}
