import type { CandidateGate } from "../gate/gate-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { effortFigures } from "./answer-section.ts";
import type { Block, Section } from "./document.ts";
import { NO_HELP } from "./gate-words.ts";
import { METHOD } from "./method.ts";
import { figuresOf, listOf, notAvailable, numberCell, tableOf, textOf } from "./parts.ts";

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
      ...(gate?.candidates ?? []).map(moreFigures),
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

type UnmetLine = CandidateGate["unmet"][number] & { readonly candidate: string };

function unmetTable(candidates: readonly CandidateGate[]): Block {
  const unmet = candidates.flatMap(({ candidate, unmet: own }) =>
    own.map((line): UnmetLine => ({ candidate, ...line })),
  );
  return tableOf({
    id: "unmet",
    items: unmet,
    columns: [
      { title: "Not met", isKey: true, cell: ({ reason }) => reason },
      { title: "Why", cell: ({ explanation }) => explanation },
      {
        title: "More windows",
        isNumber: true,
        meaning: "Windows that would meet it as things stand.",
        cell: ({ more_windows }) => numberCell(more_windows, { write: atLeast, why: NO_HELP }),
      },
      { title: "Candidate", isKey: true, cell: ({ candidate }) => candidate },
    ],
    none: "Every condition is met.",
    meaning: "The conditions that still hold a candidate back.",
    method: METHOD.gates,
  });
}

function moreFigures({ candidate, more_windows: more }: CandidateGate): Block {
  return figuresOf(METHOD.gates, [
    {
      name: `More windows for ${candidate}`,
      value: sayBoth(more),
      number: more.optimistic,
      meaning: "Windows that would meet all conditions that windows can meet.",
    },
  ]);
}

function sayBoth({ optimistic, conservative }: CandidateGate["more_windows"]): string {
  return optimistic === null && conservative === null
    ? notAvailable(NO_HELP)
    : `${sayMore(optimistic)} as things stand, ${sayMore(conservative)} at the upper limit of the spread`;
}

function sayMore(windows: number | null): string {
  return windows === null ? notAvailable(NO_HELP) : atLeast(windows);
}

function atLeast(windows: number): string {
  return `≥ ${windows}`;
}
