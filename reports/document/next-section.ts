import type { ReportData } from "../report/report-data.ts";
import { effortFigures } from "./answer-section.ts";
import type { Section } from "./document.ts";
import { listOf, textOf } from "./parts.ts";
import { moreWindows, unmetTable } from "./unmet-conditions.ts";

/** The conditions that are not met, and how to meet them. */
export function nextSection(report: ReportData): Section {
  const { gate } = report;
  return {
    id: "next",
    title: "What to do next",
    blocks: [
      ...listOf(stepsOf(report)),
      ...(gate === null
        ? [textOf("The gates have not looked yet.")]
        : [unmetTable(gate.candidates)]),
      ...(gate?.candidates ?? []).map((one) => moreWindows(one, ` for ${one.candidate}`)),
      ...report.answers.map(effortFigures),
    ],
  };
}

/** Commands that continue where something is missing. */
function stepsOf({ ran, gate, again: run }: ReportData): readonly string[] {
  const { windows } = ran;
  const isHalted = (gate?.halted.length ?? 0) > 0;
  return [
    ...(windows.not_run === 0 || isHalted
      ? []
      : [`${windows.not_run} planned windows were not run: ${run} --resume`]),
    ...(windows.missing === 0
      ? []
      : [`${windows.missing} windows are missing. Work them again: ${run} --retry-missing`]),
    ...(gate === null ? [] : gate.halted.map(({ release }) => `A stop rule holds: ${release}`)),
  ];
}
