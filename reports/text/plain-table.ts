import Table from "cli-table3";

const RULES = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
  "left",
  "left-mid",
  "mid",
  "mid-mid",
  "right",
  "right-mid",
] as const;

const CHARS = Object.fromEntries(RULES.map((place) => [place, ""]));

/** Aligned columns without rules or colours, for pipes and logs; the first row is the head. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: { ...CHARS, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The columns of a table: a heading, and the cell that an item has under it. */
export type Columns<Item> = Readonly<Record<string, (item: Item) => string>>;

/** The head of a table, and a row for each item. */
export function cellsOf<Item>(
  items: readonly Item[],
  columns: Columns<Item>,
): readonly (readonly string[])[] {
  const cells = Object.values(columns);
  return [Object.keys(columns), ...items.map((item) => cells.map((cell) => cell(item)))];
}
