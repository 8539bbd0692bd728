import type { Columns } from "./page-data.ts";

/** Turns rows into columns with these names. */
export function toColumns<Row extends object>(
  rows: Iterable<Row>,
  names: readonly (keyof Row & string)[],
): Columns<Row> {
  const values = new Map(names.map((name): [typeof name, Row[typeof name][]] => [name, []]));
  for (const row of rows) for (const [name, column] of values) column.push(row[name]);
  const columns: unknown = Object.fromEntries(values);
  // `fromEntries` forgets the names, which the caller lists.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return columns as Columns<Row>;
}

/** The row at one place of columns. */
export function rowAt<Row extends object>(columns: Columns<Row>, place: number): Row {
  const cells = Object.entries<readonly unknown[]>(columns).map(([name, values]) => [
    name,
    values[place],
  ]);
  // Columns have the names of a row, and their values at one place are its values.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(cells) as Row;
}
