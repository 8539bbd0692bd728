import type { Analysis } from "../report/analyse-windows.ts";
import { AnalysisData } from "../report/analysis-data.ts";
import { mapNumbers, roundNumber } from "../text/round-numbers.ts";

/**
 * The analysis for JSON: numbers are rounded, and infinite limits become the texts `Infinity` and
 * `-Infinity`.
 * @throws ZodError if a number is NaN or the analysis breaks its published schema: a defect.
 */
export function analysisJson({ gates: _gates, ...analysis }: Analysis): AnalysisData {
  return AnalysisData.parse(
    mapNumbers(analysis, (value) =>
      Math.abs(value) === Infinity ? String(value) : roundNumber(value),
    ),
  );
}
