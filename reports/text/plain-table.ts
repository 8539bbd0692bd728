import Table from "cli-table3";

import { countNoun } from "./number-text.ts";
import { cutName, cutText, widthOf as columnsOf, wrapText } from "./wrap-text.ts";

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

/** The place of a table, and what it keeps there. */
export interface TableLayout {
  /** The width of the place; without one, no column is dropped or cut. */
  readonly columns?: number | undefined;
  /** How many columns on the left are names, which are cut to leave room for others; by default one. */
  readonly names?: number;
  /** The heading of a free text, which stays and is broken into lines. */
  readonly wrap?: string;
}

const GAP = 2;
/** A free text that has less room is hard to read. */
const WRAPPED_MIN = 16;
const CUT_MIN = 3;
/** Names take at most their share of the place, or this much, if there is no room for others. */
const NAMES_MIN = 24;

/**
 * Aligned columns without rules or colours, for pipes and logs; the first row is the head. In a narrow
 * place headings are broken into lines, the last columns are dropped and counted, and texts that still
 * don't fit are cut.
 */
export function plainTable(table: Rows, layout: TableLayout = {}): string {
  const { columns = Infinity } = layout;
  const rows = totalOf(widthsOf(table)) > columns ? breakHead(table, layout) : table;
  const kept = keepColumns(rows, layout);
  const shown = rows.map((row) => kept.map((index) => row[index] ?? ""));
  const fitted = fitCells(shown, layout);
  return [drawTable(fitted), ...notes(rows, fitted, columns)].join("\n");
}

type Rows = readonly (readonly string[])[];

/** Breaks headings that are wider than what is under them. */
function breakHead([head = [], ...body]: Rows, { wrap }: TableLayout): Rows {
  const widths = widthsOf(body);
  const broken = head.map((title, index) =>
    title === wrap ? title : wrapText(title, wordsFit(title, widths[index] ?? 0)).join("\n"),
  );
  return [broken, ...body];
}

/** The width, or that of the longest word. */
function wordsFit(title: string, width: number): number {
  return Math.max(width, ...title.split(/ (?!%)/u).map(columnsOf));
}

/** A hint for readers who miss what has no room here. */
function notes(rows: Rows, fitted: Rows, columns: number): readonly string[] {
  const dropped = (rows[0]?.length ?? 0) - (fitted[0]?.length ?? 0);
  const whole = new Set(rows.flat());
  const isCut = fitted.flat().some((cell) => cell.includes("…") && !whole.has(cell));
  if (dropped === 0 && !isCut) return [];
  const lacking = [
    ...(dropped === 0 ? [] : [`${countNoun(dropped, "column")} more`]),
    ...(isCut ? ["whole texts"] : []),
  ];
  return wrapText(`${lacking.join(" and ")} with a wider terminal or --json`, columns);
}

/** The columns that fit. Those on the right go first; the first one and the free text stay. */
function keepColumns(
  rows: readonly (readonly string[])[],
  { columns = Infinity, wrap, names = 1 }: TableLayout,
): readonly number[] {
  const head = rows[0] ?? [];
  const wrapped = wrap === undefined ? -1 : head.indexOf(wrap);
  const nameMax = Math.floor(Math.max(NAMES_MIN / names, columns / (names + 1)));
  const widths = widthsOf(rows).map((width, index) => {
    if (index === wrapped) return Math.min(width, WRAPPED_MIN);
    return index < names ? Math.min(width, nameMax) : width;
  });
  const kept = head.map((_, index) => index);
  const isTooWide = () => totalOf(kept.map((index) => widths[index] ?? 0)) > columns;
  for (const index of kept.slice(1).toReversed()) {
    if (!isTooWide()) break;
    if (index !== wrapped) kept.splice(kept.indexOf(index), 1);
  }
  return kept;
}

/** Breaks the free text into lines, and then cuts the widest columns until all fit. */
function fitCells(
  rows: readonly (readonly string[])[],
  { columns = Infinity, wrap, names = 1 }: TableLayout,
): readonly (readonly string[])[] {
  const widths = [...widthsOf(rows)];
  const wrapped = wrap === undefined ? -1 : (rows[0] ?? []).indexOf(wrap);
  if (wrapped !== -1) {
    const others = totalOf(widths) - (widths[wrapped] ?? 0);
    widths[wrapped] = Math.min(widths[wrapped] ?? 0, Math.max(WRAPPED_MIN, columns - others));
  }
  for (let excess = totalOf(widths) - columns; excess > 0; excess -= 1) {
    const widest = Math.max(...widths);
    if (widest <= CUT_MIN) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  const fitted = (cell: string, index: number) => {
    const width = widths[index] ?? 0;
    const lines = cell.split("\n");
    return index === wrapped
      ? lines.flatMap((line) => wrapText(line, width)).join("\n")
      : lines.map((line) => (index < names ? cutName : cutText)(line, width)).join("\n");
  };
  return rows.map((row) => row.map(fitted));
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, index) =>
    Math.max(...rows.map((row) => widthOf(row[index] ?? ""))),
  );
}

function widthOf(cell: string): number {
  return Math.max(...cell.split("\n").map(columnsOf));
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0) + GAP * Math.max(0, widths.length - 1);
}

/** The width that is left for a table with an indent of two columns. */
export function indented(columns: number | undefined): number | undefined {
  return columns === undefined ? undefined : columns - GAP;
}

function drawTable(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: { ...CHARS, middle: " ".repeat(GAP) },
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
