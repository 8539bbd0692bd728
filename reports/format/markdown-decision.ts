import type { CandidateGate, GateReport } from "../gate/gate-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { escapeMarkdown, markdownTable } from "../text/markdown.ts";
import {
  armHead,
  gateArmRows,
  atLeast,
  criteriaRows,
  figureLines,
  moreWindowsLine,
  seatLines,
  stateLines,
  verdictLines,
} from "./render-gate.ts";
import { decisionAffectedBy } from "./shared-lines.ts";

const CRITERIA = ["Criterion", "Literal", "Fixed-n", "Anytime-valid", "Signs, anytime-valid"];

/** What the gates last decided, by which thresholds, and what is still missing. */
export function decisionSection(report: ReportData): readonly string[] {
  const { gate } = report;
  if (gate === null) return ["## Decision", "No look was recorded, and nothing was decided."];
  return [
    "## Decision",
    listOf([
      `Verdict: **${gate.verdict}**, policy ${gate.policy}`,
      `Gate file: version ${gate.gates.version}, SHA-256 ${gate.gates.sha256}${sayAmendment(gate)}`,
      ...stateLines(gate, escapeMarkdown),
    ]),
    ...gate.candidates.flatMap((one) =>
      candidateBlocks(gate, one, decisionAffectedBy(report, one.candidate)),
    ),
    ...affectedFootnote(gate.candidates.map((one) => decisionAffectedBy(report, one.candidate))),
  ];
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${line.trim()}`).join("\n");
}

function sayAmendment({ gates }: GateReport): string {
  return gates.is_amended
    ? ` (amended after registration, which had ${gates.registered_sha256})`
    : "";
}

function candidateBlocks(
  gate: GateReport,
  candidate: CandidateGate,
  affectedBy: readonly number[],
): readonly string[] {
  const { looks, pairs, arms, criteria, unmet } = candidate;
  return [
    `### Gates for ${escapeMarkdown(candidate.candidate)}`,
    listOf([
      markAffected(`${looks} looks; the last one at ${pairs} pairs`, affectedBy),
      ...verdictLines(candidate),
      moreWindowsLine(candidate),
      ...seatLines(candidate, escapeMarkdown),
      ...figureLines(candidate.figures, gate.gates.thresholds),
    ]),
    ...(arms.length === 0
      ? []
      : markdownTable(armHead(gate), gateArmRows(arms, gate, escapeMarkdown))),
    ...markdownTable(CRITERIA, criteriaRows(criteria, "")),
    ...(unmet.length === 0
      ? ["Every condition is met."]
      : markdownTable(
          ["Not met", "Why", "More windows:"],
          unmet.map(({ reason, explanation, more_windows }) => [
            escapeMarkdown(reason),
            escapeMarkdown(explanation),
            atLeast(more_windows),
          ]),
        )),
  ];
}
