import { markFigure } from "../text/affected-mark.ts";
import { NOT_AVAILABLE } from "../text/number-text.ts";
import type {
  Block,
  Cell,
  Column,
  Figure,
  FiguresBlock,
  Interval,
  ListBlock,
  TableBlock,
  TextBlock,
} from "./document.ts";
import type { MethodAnchor } from "./method.ts";

export function textOf(text: string): TextBlock {
  return { kind: "text", text };
}

export function leadOf(text: string): TextBlock {
  return { kind: "text", text, isLead: true };
}

/** No block for no lines. */
export function linesOf(lines: readonly string[]): readonly Block[] {
  return lines.length === 0 ? [] : [{ kind: "code", lines }];
}

/** No block for no items. */
export function listOf(items: readonly string[]): readonly ListBlock[] {
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

export function figuresOf(
  method: MethodAnchor,
  figures: readonly (Omit<Figure, "method"> & { readonly method?: MethodAnchor })[],
): FiguresBlock {
  return { kind: "figures", figures: figures.map((figure) => ({ method, ...figure })) };
}

/** A column with the cell that an item has under it. */
export interface ColumnOf<Item> extends Column {
  readonly cell: (item: Item) => Cell;
}

/** The columns with these titles, in this order; the first of each title. */
export function pickColumns<Item>(
  known: readonly ColumnOf<Item>[],
  titles: readonly string[],
): readonly ColumnOf<Item>[] {
  return titles.flatMap((title) => known.find((one) => one.title === title) ?? []);
}

interface TableParts<Item> {
  readonly id: string;
  readonly items: readonly Item[];
  readonly columns: readonly ColumnOf<Item>[];
  readonly none?: string;
  readonly meaning: string;
  readonly method: MethodAnchor;
}

export function tableOf<Item>({ items, columns, ...parts }: TableParts<Item>): TableBlock {
  return {
    kind: "table",
    ...parts,
    columns: columns.map(({ cell: _cell, ...column }) => column),
    rows: items.map((item) => columns.map(({ cell }) => cell(item))),
  };
}

export interface NumberColumn<Item> {
  readonly read: (item: Item) => number | null;
  /** By default as it is. */
  readonly write?: (value: number, item: Item) => string;
  /** Why there may be none. */
  readonly why?: string | ((item: Item) => string);
  /** The anomalies that affect it. */
  readonly affectedBy?: (item: Item) => readonly number[];
}

/** A column of numbers that may be missing. */
export function numberColumn<Item>(
  title: string,
  meaning: string,
  { read, write = String, why = "unknown", affectedBy }: NumberColumn<Item>,
): ColumnOf<Item> {
  return {
    title,
    meaning,
    isNumber: true,
    cell: (item) =>
      numberCell(read(item), {
        write: (value) => write(value, item),
        why: typeof why === "string" ? why : why(item),
        affectedBy: affectedBy?.(item) ?? [],
      }),
  };
}

interface Affected {
  /** The numbers of the anomalies that affect it. */
  readonly touched_by: readonly number[];
}

/** A column of numbers that the anomalies of their line affect. */
export function affectedColumn<Item extends Affected>(
  title: string,
  meaning: string,
  parts: Omit<NumberColumn<Item>, "affectedBy">,
): ColumnOf<Item> {
  return numberColumn(title, meaning, { ...parts, affectedBy: ({ touched_by }) => touched_by });
}

interface EstimateColumn<Item> {
  readonly read: (item: Item) => Estimated;
  readonly write: (interval: Interval) => string;
}

interface Estimated {
  readonly ci95: Interval | null;
  readonly reason: string | null;
}

/** A column of intervals that the anomalies of their line affect. */
export function intervalColumn<Item extends Affected>(
  title: string,
  meaning: string,
  { read, write }: EstimateColumn<Item>,
): ColumnOf<Item> {
  return {
    title,
    meaning,
    isInterval: true,
    cell: (item) => {
      const { ci95: interval, reason } = read(item);
      if (interval === null) return { ...lackCell(reason ?? "no data"), interval };
      return { text: markFigure(write(interval), item.touched_by), interval };
    },
  };
}

/** How a number that may be missing is shown. */
interface Shown {
  readonly write: (value: number) => string;
  /** Why there is none. */
  readonly why: string;
  /** The anomalies that affect it. */
  readonly affectedBy?: readonly number[];
}

/** A number, or why there is none. */
export function numberCell(value: number | null, { write, why, affectedBy = [] }: Shown): Cell {
  if (value === null) return { ...lackCell(why), sort: null };
  return { text: markFigure(write(value), affectedBy), sort: value };
}

/** A whole number of things, which is never missing. */
export function countCell(value: number): Cell {
  return { text: String(value), sort: value };
}

/** A text, or why there is none. */
export function textCell(text: string | null, why: string): Cell {
  return text ?? lackCell(why);
}

function lackCell(why: string) {
  return { text: notAvailable(why), lack: why };
}

/** `n/a (reason)`. */
export function notAvailable(why: string): string {
  return `${NOT_AVAILABLE} (${why})`;
}

/** A text, or why there is none. */
export function textOr(text: string | null, why: string): string {
  return text ?? notAvailable(why);
}
