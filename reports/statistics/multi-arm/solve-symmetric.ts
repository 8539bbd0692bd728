const SINGULAR = 1e-10;

/**
 * The inverse of a small symmetric positive definite matrix, by elimination with the largest pivot
 * first. Null where it is singular to rounding.
 *
 * @example
 * invertSymmetric([[2, 0], [0, 4]]); // [[0.5, 0], [0, 0.25]]
 */
export function invertSymmetric(
  matrix: readonly (readonly number[])[],
): readonly (readonly number[])[] | null {
  const size = matrix.length;
  const largest = Math.max(0, ...matrix.flat().map((value) => Math.abs(value)));
  const rows = matrix.map((row, index) => [...row, ...unitRow(size, index)]);
  for (let column = 0; column < size; column += 1) {
    const pivotRow = largestPivot(rows, column);
    const pivot = rows[pivotRow]?.[column] ?? 0;
    if (Math.abs(pivot) <= SINGULAR * largest) return null;
    const scaled = (rows[pivotRow] ?? []).map((value) => value / pivot);
    rows[pivotRow] = rows[column] ?? [];
    rows[column] = scaled;
    for (const [index, row] of rows.entries()) {
      if (index !== column) rows[index] = eliminate(row, scaled, column);
    }
  }
  return rows.map((row) => row.slice(size));
}

function unitRow(size: number, place: number): readonly number[] {
  return Array.from({ length: size }, (_, index) => (index === place ? 1 : 0));
}

function largestPivot(rows: readonly (readonly number[])[], column: number): number {
  let best = column;
  for (let index = column + 1; index < rows.length; index += 1) {
    const size = Math.abs(rows[index]?.[column] ?? 0);
    if (size > Math.abs(rows[best]?.[column] ?? 0)) best = index;
  }
  return best;
}

function eliminate(row: readonly number[], pivotRow: readonly number[], column: number): number[] {
  const factor = row[column] ?? 0;
  return row.map((value, index) => value - factor * (pivotRow[index] ?? 0));
}
