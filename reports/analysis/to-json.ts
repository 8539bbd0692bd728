import type { Analysis } from "./analyse-windows.ts";
import { AnalysisData } from "./analysis-data.ts";

const SIGNIFICANT_DIGITS = 12;

/**
 * The analysis as JSON has it: infinite limits as the texts `Infinity` and `-Infinity`, and numbers
 * rounded to 12 significant digits, so that the last bits, in which machines differ, never show.
 * @throws ZodError where a number is NaN or the analysis is not as the schema publishes it: a defect.
 */
export function toJson({ gates: _gates, ...analysis }: Analysis): AnalysisData {
  return AnalysisData.parse(portable(analysis));
}

function portable(value: unknown): unknown {
  if (typeof value === "number") return portableNumber(value);
  if (Array.isArray(value)) return value.map(portable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, portable(one)]));
}

function portableNumber(value: number): unknown {
  if (value === Infinity) return "Infinity";
  if (value === -Infinity) return "-Infinity";
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));
}
