import { isNode, isSeq, LineCounter, parseDocument } from "yaml";

import { AnalysisInputError, type RawRecord } from "./input-error.ts";

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
