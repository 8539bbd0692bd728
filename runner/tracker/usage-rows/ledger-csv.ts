import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";

import { TrackerUsageError } from "../windows/tracker-errors.ts";

/** A file of comma-separated values that people read and only grows. */
export interface CsvLedger<Column extends string> {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** A cell; null is an empty one, because nobody knows it. */
export type Cell = string | number | null;
export type CsvRow<Column extends string> = Readonly<Record<Column, Cell>>;

export const TOKEN_LEDGER = {
  name: "Token_Churn_Ledger.csv",
  columns: [
    "date",
    "session",
    "task",
    "tokens_planned",
    "tokens_actual",
    "delta",
    "commits",
    "lines",
    "features",
    "tests",
    "notes",
  ],
} as const satisfies CsvLedger<string>;

export const CHURN_LEDGER = {
  name: "Churn_Ledger.csv",
  columns: [
    "date",
    "window",
    "provider",
    "methodology",
    "commits",
    "files",
    "insertions",
    "deletions",
    "net",
    "features",
    "normalized_churn",
    "notes",
  ],
} as const satisfies CsvLedger<string>;

/**
 * The rows of a file, by column; none if there is no file.
 * @throws TrackerUsageError if its first line is not the ledger's: nothing of it is ever overwritten.
 */
export function readCsvLedger<Column extends string>(
  file: string,
  { columns }: CsvLedger<Column>,
): readonly Readonly<Record<string, string>>[] {
  if (!existsSync(file)) return [];
  const [head = [], ...rows] = readCells(file);
  if (JSON.stringify(head) !== JSON.stringify(columns)) {
    throw new TrackerUsageError(
      `${file}:1: expected the columns ${columns.join(",")}, got ${JSON.stringify(head.join(","))}. Move the file away, or correct its first line.`,
    );
  }
  return rows.map((cells) =>
    Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ""])),
  );
}

function readCells(file: string): readonly (readonly string[])[] {
  try {
    const cells: string[][] = parse(readFileSync(file), { bom: true, relax_column_count: true });
    return cells;
  } catch (error) {
    throw new TrackerUsageError(
      `${file}: expected comma-separated values, got something else (${error instanceof Error ? error.message : String(error)}). Correct the line, or move the file away.`,
    );
  }
}

/** Adds a row in one write, and the columns if the file is new. No spreadsheet runs a text in it. */
export function appendCsvRow<Column extends string>(
  file: string,
  ledger: CsvLedger<Column>,
  row: CsvRow<Column>,
): void {
  readCsvLedger(file, ledger);
  const line = writeCells(ledger.columns.map((column) => row[column]));
  if (!existsSync(file)) {
    writeFileSync(file, writeCells(ledger.columns) + line, { flag: "wx" });
    return;
  }
  const isEnded = readFileSync(file, "utf8").endsWith("\n");
  appendFileSync(file, isEnded ? line : `\n${line}`);
}

function writeCells(cells: readonly Cell[]): string {
  return stringify([cells], { escape_formulas: true });
}

/** Whether a cell has a text, which is written with an apostrophe if it looks like a formula. */
export function isCell(cell: string | undefined, text: string): boolean {
  return cell === text || cell === `'${text}`;
}
