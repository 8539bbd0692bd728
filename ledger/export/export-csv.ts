import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";

import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { addOther, type OtherRows, sayOthers } from "../query/other-rows.ts";
import type { LedgerReader, RowsSince } from "../store/store.ts";
import type { Exported } from "./make-export.ts";
import { recordFileName } from "./record-file-name.ts";

const BUFFERED_CHARS_MAX = 262_144;
/** Which of the ledger's files a row is of: several files may have rows of one record. */
const FILE_COLUMN = "_file";

interface Table {
  readonly columns: Set<string>;
  rows: number;
  others: OtherRows | undefined;
}

/**
 * Writes one CSV file for each record. Its columns are all fields that any row of that record has, known to this
 * program or not, so that the ledger is read twice.
 */
export function exportCsv(reader: LedgerReader, to: string): Exported {
  const tables = new Map<string, Table>();
  const ends = new Map<LedgerFile, RowsSince["end"]>();
  for (const file of LEDGER_FILES) {
    const { rows, end } = reader.readFrom(file);
    for (const row of rows) {
      learn(tables, row, file);
      ends.set(file, end);
    }
  }
  const writers = new Map<string, CsvWriter>();
  try {
    for (const [record, { columns }] of tables) {
      writers.set(record, new CsvWriter(path.join(to, recordFileName(record, "csv")), columns));
    }
    for (const [file, end] of ends) {
      for (const row of reader.read(file)) {
        writers.get(row.record)?.write({ [FILE_COLUMN]: file, ...row });
        if (row.h === end.h) break;
      }
    }
  } finally {
    for (const writer of writers.values()) writer.close();
  }
  const files = [...tables].map(([record, { rows }]) => ({
    name: recordFileName(record, "csv"),
    rows,
    bytes: writers.get(record)?.bytes ?? 0,
  }));
  return { files, others: sayOthers([...tables].map(([name, { others }]) => [name, others])) };
}

function learn(tables: Map<string, Table>, row: Row, file: LedgerFile): void {
  const table: Table = tables.get(row.record) ?? {
    columns: new Set([FILE_COLUMN]),
    rows: 0,
    others: undefined,
  };
  tables.set(row.record, table);
  table.rows += 1;
  table.others = addOther(table.others, row, file);
  for (const column of Object.keys(row)) table.columns.add(column);
}

class CsvWriter {
  readonly #columns: readonly string[];
  readonly #fd: number;
  #buffered = "";
  bytes = 0;

  constructor(file: string, columns: Iterable<string>) {
    this.#columns = [...columns];
    this.#fd = openSync(file, "wx");
    this.#buffered = csvLine(this.#columns);
  }

  write(row: Readonly<Record<string, unknown>>): void {
    this.#buffered += csvLine(this.#columns.map((column) => ownValue(row, column)));
    if (this.#buffered.length > BUFFERED_CHARS_MAX) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#buffered);
    this.#buffered = "";
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    this.bytes += bytes.length;
  }
}

/** A column may be called like something that every object has. */
function ownValue(row: Readonly<Record<string, unknown>>, column: string): unknown {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

/** Spreadsheets read such a text as a formula, which could send the sheet's cells elsewhere. */
const FORMULA = /^[=+@\t\r]|^-(?![\d.])/u;

/**
 * One line of a CSV file (RFC 4180, closed by CRLF). Absent and null are empty, an empty text is `""`, lists
 * and objects are JSON. A text that a spreadsheet would take for a formula begins with an apostrophe.
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvCell).join(",")}\r\n`;
}

function csvCell(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value.replace(FORMULA, "'$&") : JSON.stringify(value);
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
