import { stringify } from "csv-stringify/sync";

import type {
  Block,
  Cell,
  Column,
  Figure,
  ReportDocument,
  Section,
  TableBlock,
} from "../document/document.ts";
import { toPlainLine } from "../text/plain-text.ts";

/** A file of comma-separated values; its name has no folder. */
export interface CsvFile {
  readonly name: string;
  readonly content: string;
}

type Value = string | number | null;

/** Each table of a document as a file, and all its figures as one; numbers in full precision. */
export function renderCsv(document: ReportDocument): readonly CsvFile[] {
  const sections = allSections(document.sections);
  const tables = sections
    .flatMap(({ blocks }) => blocks.flatMap(tablesIn))
    .filter(({ columns }) => columns.length > 0);
  return [
    { name: "figures.csv", content: write([FIGURE_HEAD, ...sections.flatMap(figureRows)]) },
    ...tables.map((table) => ({ name: `${table.id}.csv`, content: write(tableRows(table)) })),
  ];
}

function allSections(sections: readonly Section[]): readonly Section[] {
  return sections.flatMap((section) => [section, ...allSections(section.parts ?? [])]);
}

function tablesIn(block: Block): readonly TableBlock[] {
  if (block.kind === "picture") return [block.data];
  return block.kind === "table" ? [block] : [];
}

const FIGURE_HEAD = ["section", "about", "figure", "value", "lower", "upper", "text", "meaning"];

function figureRows({ id, about, blocks }: Section): readonly (readonly Value[])[] {
  return blocks.flatMap((block) =>
    block.kind === "figures"
      ? block.figures.map((figure) => [id, about ?? null, ...figureCells(figure)])
      : [],
  );
}

function figureCells({ name, number, interval, value, meaning }: Figure): readonly Value[] {
  return [name, number ?? null, interval?.lower ?? null, interval?.upper ?? null, value, meaning];
}

function tableRows({ columns, rows }: TableBlock): readonly (readonly Value[])[] {
  return [
    columns.flatMap(({ title, isInterval }) =>
      isInterval === true ? [`${title}: lower`, `${title}: upper`] : [title],
    ),
    ...rows.map((row) => columns.flatMap((column, at) => valuesOf(column, row[at] ?? ""))),
  ];
}

/** A number that is missing is an empty cell; the report says why. */
function valuesOf({ isNumber, isInterval }: Column, cell: Cell): readonly Value[] {
  if (isInterval === true) {
    const interval = typeof cell === "string" ? null : cell.interval;
    return [interval?.lower ?? null, interval?.upper ?? null];
  }
  if (typeof cell === "string") return [cell];
  if (typeof cell.sort === "number") return [cell.sort];
  return [isNumber === true ? null : cell.text];
}

/** Spreadsheets run a text that begins like a formula, so it gets an apostrophe; numbers stay. */
function write(rows: readonly (readonly Value[])[]): string {
  const plain = rows.map((row) =>
    row.map((value) => (typeof value === "string" ? toPlainLine(value) : value)),
  );
  return stringify(plain, { escape_formulas: true });
}
