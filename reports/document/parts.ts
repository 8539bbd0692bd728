import { markFigure } from "../text/affected-mark.ts";
import { NOT_AVAILABLE } from "../text/number-text.ts";
import type {
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
    columns: columns.map(withoutCell),
    rows: items.map((item) => columns.map(({ cell }) => cell(item))),
  };
}

function withoutCell<Item>({
  title,
  isNumber,
  isInterval,
  isKey,
  isProse,
  meaning,
}: ColumnOf<Item>): Column {
  return {
    title,
    ...(isKey === undefined ? {} : { isKey }),
    ...(isProse === undefined ? {} : { isProse }),
    ...(isNumber === undefined ? {} : { isNumber }),
    ...(isInterval === undefined ? {} : { isInterval }),
    ...(meaning === undefined ? {} : { meaning }),
  };
}

interface NumberColumn<Item> {
  readonly meaning: string;
  readonly read: (item: Item) => number | null;
  /** By default as it is. */
  readonly write?: (value: number) => string;
  /** Why there may be none. */
  readonly why?: string;
  /** The anomalies that affect it. */
  readonly affectedBy?: (item: Item) => readonly number[];
}

/** A column of numbers that may be missing. */
export function numberColumn<Item>(
  title: string,
  { meaning, read, write = String, why = "unknown", affectedBy }: NumberColumn<Item>,
): ColumnOf<Item> {
  return {
    title,
    meaning,
    isNumber: true,
    cell: (item) => numberCell(read(item), { write, why, affectedBy: affectedBy?.(item) ?? [] }),
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
export function countCell(value: number, affectedBy: readonly number[] = []): Cell {
  return { text: markFigure(String(value), affectedBy), sort: value };
}

interface ShownInterval {
  readonly write: (interval: Interval) => string;
  readonly why: string;
  readonly affectedBy: readonly number[];
}

export function intervalCell(
  interval: Interval | null,
  { write, why, affectedBy }: ShownInterval,
): Cell {
  if (interval === null) return { ...lackCell(why), interval };
  return { text: markFigure(write(interval), affectedBy), interval };
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
