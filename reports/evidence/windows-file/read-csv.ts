import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";

import { AnalysisInputError, type RawRecord } from "./input-error.ts";
import { isWindowColumn, REQUIRED_COLUMNS, WINDOW_COLUMNS } from "./window-record.ts";

const RECORD_BYTES_MAX = 4_000_000;

/** The cells of one line, as csv-parse returns them. */
const CsvLine = z.looseObject({
  info: z.looseObject({ lines: z.int() }),
  record: z.array(z.string()).readonly(),
});

/** Splits a CSV into records of its header's columns; their values are still to be checked. */
export function readCsv(file: string, text: string): readonly RawRecord[] {
  const [head, ...lines] = parseLines(file, text);
  if (head === undefined) throw new AnalysisInputError(file, [{ line: 1, text: NO_HEADER }]);
  const columns = head.record.map((name) => name.trim());
  const fault = findHeaderFault(columns);
  if (fault !== null) throw new AnalysisInputError(file, [{ line: head.info.lines, text: fault }]);
  const wrong = lines.filter(({ record }) => record.length !== columns.length);
  if (wrong.length > 0) {
    const faults = wrong.map(({ info, record }) => ({
      line: info.lines,
      text: `expected ${columns.length} cells as in the header, got ${record.length}. Write a comma for every cell, also for an empty one.`,
    }));
    throw new AnalysisInputError(file, faults);
  }
  return lines.map(({ info, record }) => ({
    line: info.lines,
    values: Object.fromEntries(
      columns.map((column, index) => [column, read(column, record[index])]),
    ),
  }));
}

function parseLines(file: string, text: string): readonly z.infer<typeof CsvLine>[] {
  try {
    const lines: unknown = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: RECORD_BYTES_MAX,
    });
    return z.array(CsvLine).parse(lines);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : 1;
    const reason = error.message.replace(/\.$/u, "");
    throw new AnalysisInputError(file, [
      { line, text: `expected CSV, got: ${reason}. Quote a cell that holds a comma or a quote.` },
    ]);
  }
}

const NO_HEADER = `expected a header, got an empty file. Write: ${WINDOW_COLUMNS.join(",")}`;

function findHeaderFault(columns: readonly string[]): string | null {
  const unknown = columns.find((column) => !isWindowColumn(column));
  const missing = REQUIRED_COLUMNS.find((column) => !columns.includes(column));
  const repeated = columns.find((column, index) => columns.indexOf(column) < index);
  const mend = `Write: ${WINDOW_COLUMNS.join(",")} (the last four may be left out).`;
  if (unknown !== undefined) {
    return `expected a known column, got ${JSON.stringify(unknown)}. ${mend}`;
  }
  if (missing !== undefined) {
    return `expected a column "${missing}", got ${columns.join(",")}. ${mend}`;
  }
  return repeated === undefined
    ? null
    : `expected every column once, got "${repeated}" twice. ${mend}`;
}

/** A malformed cell stays a text, which the check then refuses. */
function read(column: string, cell = ""): unknown {
  const text = cell.trim();
  if (column === "feature" || column === "provider") return text;
  if (text === "") return undefined;
  if (column !== "latencies_ms") return toNumber(text) ?? text;
  const latencies = text.split(/\s+/u).map(toNumber);
  return latencies.includes(null) ? text : latencies;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** A finite decimal number; null for `NaN`, `Infinity`, hexadecimal or too large numbers. */
function toNumber(text: string): number | null {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
