import { figureLines } from "../analysis/figure-lines.ts";
import type { CandidateGate, GateReport } from "../analysis/gate-report.ts";
import { sayIncomparable } from "../analysis/render-gate.ts";
import type { ReportData } from "../report/report-data.ts";
import { gateArmHead, gateArmRow } from "./gate-arm-rows.ts";
import { type Column, markdownTable } from "./markdown-table.ts";
import { escapeMarkdown } from "./markdown-text.ts";
import { NOT_AVAILABLE } from "./number-text.ts";
import { markTouched, touchFootnote } from "./touch-mark.ts";
import { decisionTouches } from "./touched-counts.ts";

const CRITERIA: readonly Column[] = [
  ["Criterion", "l"],
  ["Literal", "l"],
  ["Fixed-n", "l"],
  ["Anytime-valid", "l"],
  ["Signs, anytime-valid", "l"],
];

const UNMET: readonly Column[] = [
  ["Not met", "l"],
  ["Why", "l"],
  ["More windows", "r"],
];

/** What the gates last decided, by which thresholds, and what is still missing. */
export function decisionSection(report: ReportData): readonly string[] {
  const { gate } = report;
  if (gate === null) return ["## Decision", "No look was recorded, and nothing was decided."];
  return [
    "## Decision",
    [
      `- Verdict: **${gate.verdict}**, policy ${gate.policy}`,
      `- Gate file: version ${gate.gates.version}, SHA-256 ${gate.gates.sha256}${sayAmendment(gate)}`,
      `- Backlog: ${gate.backlog_ready_blocked} ready features blocked by capacity alone`,
      ...(gate.is_cost_comparable ? [] : [`- ${sayIncomparable(gate)}`]),
      ...gate.halted.map(
        ({ provider, rule, reason, release }) =>
          `- Halted: ${escapeMarkdown(provider ?? "the experiment")} (${escapeMarkdown(rule)}). ${escapeMarkdown(reason)} To release it: ${escapeMarkdown(release)}`,
      ),
    ].join("\n"),
    ...gate.candidates.flatMap((one) =>
      candidateBlocks(gate, one, decisionTouches(report, one.candidate)),
    ),
    ...touchFootnote(gate.candidates.map((one) => decisionTouches(report, one.candidate))),
  ];
}

function sayAmendment({ gates }: GateReport): string {
  return gates.is_amended
    ? ` (amended after registration, which had ${gates.registered_sha256})`
    : "";
}

function candidateBlocks(
  { gates: { thresholds }, cost_measure: measure }: GateReport,
  candidate: CandidateGate,
  touchedBy: readonly number[],
): readonly string[] {
  const { gates, policies, looks, pairs, seat, more_windows } = candidate;
  return [
    `### Gates for ${escapeMarkdown(candidate.candidate)}`,
    [
      `- ${markTouched(`${looks} looks; the last one at ${pairs} pairs`, touchedBy)}`,
      `- G1 ${holds(gates.g1)}, G2 ${holds(gates.g2)}, G3 ${holds(gates.g3)}`,
      `- Policies: literal ${policies.literal}, standard ${policies.standard}, strict ${policies.strict}`,
      `- More windows: ${sayMore(more_windows.optimistic)} as things stand, ${sayMore(more_windows.conservative)} at the upper limit of the spread`,
      ...(seat === null ? [] : [`- Add ${seat.seats} seat: ${escapeMarkdown(seat.provider)}`]),
      ...figureLines(candidate.figures, thresholds).map((line) => `- ${line.trim()}`),
    ].join("\n"),
    ...(candidate.arms.length === 0
      ? []
      : markdownTable(
          gateArmHead(measure).map((heading): Column => [heading, "l"]),
          candidate.arms.map((arm) => gateArmRow(arm, measure).map(escapeMarkdown)),
        )),
    ...markdownTable(
      CRITERIA,
      candidate.criteria.map((one) => [
        one.criterion,
        one.is_met ? "met" : "not met",
        one.fixed_n ?? "",
        one.anytime ?? "",
        one.signs ?? "",
      ]),
    ),
    ...(candidate.unmet.length === 0
      ? ["Every condition is met."]
      : markdownTable(
          UNMET,
          candidate.unmet.map((one) => [
            escapeMarkdown(one.reason),
            escapeMarkdown(one.explanation),
            one.more_windows === null ? NOT_AVAILABLE : `≥ ${one.more_windows}`,
          ]),
        )),
  ];
}

function sayMore(windows: number | null): string {
  return windows === null ? NOT_AVAILABLE : `≥ ${windows}`;
}

function holds(gate: boolean): string {
  return gate ? "holds" : "does not hold";
}
