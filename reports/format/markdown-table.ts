import { markdownTable as alignTable } from "markdown-table";

const ROWS_SHOWN = 200;

/** A column: its heading and how its cells line up. */
export type Column = readonly [heading: string, align: "l" | "r"];

/** A table of cells that are escaped already; of a long one the first rows, and how many more there are. */
export function markdownTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const shown = rows.slice(0, ROWS_SHOWN);
  const table = alignTable([columns.map(([heading]) => heading), ...shown], {
    align: columns.map(([, align]) => align),
  });
  if (rows.length <= ROWS_SHOWN) return [table];
  return [
    table,
    `… and ${rows.length - ROWS_SHOWN} more rows: \`experiment report --json\` has all.`,
  ];
}
