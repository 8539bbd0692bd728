import type { GateAnswer, GateReport } from "../report/gate-report.ts";
import type { Block, ReportDocument, Section } from "./document.ts";
import { candidateBlocks } from "./gate-section.ts";
import {
  candidateTitle,
  gateFileFigure,
  sayAmended,
  sayValues,
  sourceLines,
  stateLines,
} from "./gate-words.ts";
import { ledgerFigures } from "./ledger-figures.ts";
import { METHOD } from "./method.ts";
import { figuresOf, listOf } from "./parts.ts";
import { openAgentLines } from "./shared-lines.ts";
import { moreWindows, unmetTable } from "./unmet-conditions.ts";

/** The gate's answer, and that of thresholds that were not registered. */
export function gateDocument(report: GateReport): ReportDocument {
  const { gates, policy, seed, ledger, not_registered: other } = report;
  return {
    title: `${report.verdict.toUpperCase()}  [${report.experiment_id}], policy ${policy}${sayAmended(report)}`,
    warnings: openAgentLines(report),
    method: METHOD.gates,
    sections: [
      {
        id: "decision",
        title: "What the decision rests on",
        blocks: [gateFile(report), ...listOf(stateLines(report))],
      },
      ...candidateSections(report, report),
      {
        id: "sources",
        title: "How to compute the numbers again",
        blocks: [
          ...listOf(sourceLines(seed, { Thresholds: gates.thresholds })),
          ...ledgerFigures(ledger),
        ],
      },
      ...(other === null ? [] : [otherSection(other, report)]),
    ],
  };
}

function gateFile(answer: GateAnswer): Block {
  return figuresOf(METHOD.gates, [gateFileFigure(answer)]);
}

function candidateSections(
  answer: GateAnswer,
  { cost_measure }: GateReport,
  name = "candidate",
): readonly Section[] {
  return answer.candidates.map((one, index) => {
    const suffix = `-${name}-${index + 1}`;
    return {
      id: `${name}-${index + 1}`,
      title: candidateTitle(one),
      about: one.candidate,
      blocks: [
        ...candidateBlocks(one, { ...answer, cost_measure }, { suffix }),
        unmetTable([one], suffix),
        moreWindows(one),
      ],
    };
  });
}

function otherSection(other: GateAnswer, report: GateReport): Section {
  return {
    id: "not-registered",
    title: `NOT REGISTERED: ${other.verdict.toUpperCase()}, policy ${other.policy}. Only --allow-amended lets it decide.`,
    blocks: [gateFile(other), ...listOf([sayValues("Thresholds", other.gates.thresholds)])],
    parts: candidateSections(other, report, "not-registered"),
  };
}
