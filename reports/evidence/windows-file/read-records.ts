import { CsvError, parse } from "csv-parse/sync";
import { isNode, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";

import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import { isWindowColumn, REQUIRED_COLUMNS, WINDOW_COLUMNS } from "./window-record.ts";

const FAULTS_SHOWN_MAX = 10;

/** Something wrong at a line, counted from 1. */
export interface InputFault {
  readonly line: number;
  /** What was expected, what came, and what to do. */
  readonly text: string;
}

/** A file of windows that can't be analysed. */
export class AnalysisInputError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;

  constructor(file: string, faults: readonly InputFault[]) {
    const lines = faults
      .toSorted((left, right) => left.line - right.line)
      .map(({ line, text }) => `${file}:${line}: ${text}`);
    const more = lines.length - FAULTS_SHOWN_MAX;
    super(
      [...lines.slice(0, FAULTS_SHOWN_MAX), ...(more > 0 ? [`… and ${more} more.`] : [])].join(
        "\n",
      ),
    );
  }
}

/** A record of a file of windows before its values were checked. */
export interface RawRecord {
  /** Counted from 1. */
  readonly line: number;
  readonly values: unknown;
}

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
      text: `expected ${columns.length} cells as in the header, got ${record.length}. Write a comma for every cell, even for an empty one.`,
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
    return `expected a known column, got ${JSON.stringify(unknown)}.${sayMeant(unknown, WINDOW_COLUMNS)} ${mend}`;
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

/** Splits a JSON array of objects into records; their values are still to be checked. */
export function readJson(file: string, text: string): readonly RawRecord[] {
  const values = parseText(file, text);
  if (!Array.isArray(values)) {
    const got = values === null ? "null" : typeof values;
    throw new AnalysisInputError(file, [
      { line: 1, text: `expected an array of windows, got ${got}. Write [{"feature": …}, …].` },
    ]);
  }
  const lines = linesOfItems(text);
  return values.map((value: unknown, index) => ({ line: lines[index] ?? 1, values: value }));
}

function parseText(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const line = lineOfFault(reason, text);
    const fault = `expected JSON, got: ${reason.split("\n")[0] ?? ""}. Correct the syntax; JSON has no NaN and no Infinity.`;
    throw new AnalysisInputError(file, [{ line, text: fault }]);
  }
}

/** The engine names the line, or quotes the text around the fault. */
function lineOfFault(reason: string, text: string): number {
  const said = /line (\d+)/u.exec(reason)?.[1];
  if (said !== undefined) return Number(said);
  const quoted = /, (?:\.{3})?"([\s\S]*)"(?:\.{3})? is not valid JSON$/u.exec(reason)?.[1] ?? "";
  const start = Math.max(0, text.indexOf(quoted));
  const before = text.slice(0, start + quoted.length / 2);
  return before.split("\n").length;
}

/** JSON is YAML, and the YAML parser knows where each item begins. */
function linesOfItems(text: string): readonly number[] {
  const lineCounter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter, prettyErrors: false });
  if (!isSeq(contents)) return [];
  return contents.items.map((item) =>
    isNode(item) ? lineCounter.linePos(item.range?.[0] ?? 0).line : 1,
  );
}
