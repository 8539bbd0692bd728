import type { ReportData } from "../report/report-data.ts";
import type { Section } from "./document.ts";
import { leadOf, textOf } from "./parts.ts";
import { outcomesText } from "./shared-lines.ts";

/** Which is cheaper, by how much, is it as good, what is missing, and what next. */
export function answerSection({ ran, gate }: ReportData): Section {
  const { windows, outcomes, schedule } = ran;
  return {
    id: "answer",
    title: "The answer",
    blocks: [
      leadOf(gate === null ? "No look was recorded, and nothing was decided." : gate.verdict),
      textOf(
        `${windows.valid} of ${windows.planned} windows are valid: ${outcomesText(outcomes, schedule)}.`,
      ),
    ],
  };
}
