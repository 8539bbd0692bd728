import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { gateArmHead, gateArmRow } from "../format/gate-arm-rows.ts";
import { plainTable } from "../format/plain-table.ts";
import { toPlainLine } from "../format/plain-text.ts";
import { markTouched } from "../format/touch-mark.ts";
import { ANALYSIS_STREAMS } from "../statistics/candidate/analyse-candidate.ts";
import { figureLines } from "./figure-lines.ts";
import type { CandidateGate, GateReport } from "./gate-report.ts";

type TouchesOf = (candidate: string) => readonly number[];

/** The gate's answer as text; no newline at its end. `touchesOf` says which anomalies touch a candidate's looks. */
export function renderGate(report: GateReport, touchesOf: TouchesOf = () => []): string {
  const { gates, policy } = report;
  return [
    [
      `${report.verdict.toUpperCase()}  [${report.experiment_id}], policy ${policy}`,
      `Gate file version ${gates.version}, SHA-256 ${gates.sha256}${gates.is_amended ? `: AMENDED after registration (${gates.registered_sha256})` : ""}`,
      `Backlog: ${report.backlog_ready_blocked} ready features blocked by capacity alone`,
      ...(report.is_cost_comparable ? [] : [sayIncomparable(report)]),
      ...report.halted.map(
        ({ provider, rule, reason, release }) =>
          `Halted: ${toPlainLine(provider ?? "the experiment")} (${toPlainLine(rule)}): ${toPlainLine(reason)} To release it: ${toPlainLine(release)}`,
      ),
    ].join("\n"),
    ...report.candidates.map((candidate) => renderCandidate(report, candidate, touchesOf)),
    provenance(report),
  ].join("\n\n");
}

export function sayIncomparable({ experiment_id }: Pick<GateReport, "experiment_id">): string {
  return experiment_id === MANUAL_EXPERIMENT
    ? "Costs can't be compared: the meters are of different plans. The criterion on cost stays unmet."
    : "Costs can't be compared: the providers' vendors count tokens differently. No look is taken.";
}

/** What whoever recomputes a look has to know. */
function provenance({ seed, gates }: GateReport): string {
  const streams = ANALYSIS_STREAMS.map((stream) => `${seed ?? ""}|${stream}`).map(toPlainLine);
  const thresholds = Object.entries(gates.thresholds).map(([name, value]) => `${name} ${value}`);
  return [
    `Seed ${toPlainLine(seed ?? "n/a")}; streams ${streams.join(", ")}`,
    `Thresholds: ${thresholds.join(", ")}`,
    "Intervals: fixed-n holds at one look at a planned n; anytime-valid holds at every look at once.",
  ].join("\n");
}

function renderCandidate(report: GateReport, gate: CandidateGate, touchesOf: TouchesOf): string {
  const { candidate, gates, policies, more_windows, seat } = gate;
  return [
    markTouched(
      `${toPlainLine(candidate)}: ${gate.verdict} after ${gate.looks} looks, ${gate.pairs} pairs`,
      touchesOf(candidate),
    ),
    ...(seat === null ? [] : [`Add ${seat.seats} seat: ${toPlainLine(seat.provider)}`]),
    `G1 ${holds(gates.g1)}, G2 ${holds(gates.g2)}, G3 ${holds(gates.g3)}`,
    `Policies: literal ${policies.literal}, standard ${policies.standard}, strict ${policies.strict}`,
    ...figureLines(gate.figures, report.gates.thresholds),
    ...(gate.arms.length === 0 ? [] : [armsTable(gate, report)]),
    ...(gate.criteria.length === 0 ? [] : [criteriaTable(gate)]),
    ...gate.unmet.map(
      ({ reason, explanation, more_windows: more }) =>
        `- ${reason}: ${explanation}${more === null ? "" : ` ≥ ${more} more windows.`}`,
    ),
    `More windows: ${sayMore(more_windows.optimistic)} as things stand, ${sayMore(more_windows.conservative)} at the upper limit of the spread`,
  ].join("\n");
}

function armsTable({ arms }: CandidateGate, { cost_measure }: GateReport): string {
  const rows = arms.map((arm) => gateArmRow(arm, cost_measure).map(toPlainLine));
  return plainTable([gateArmHead(cost_measure), ...rows]);
}

function criteriaTable({ criteria }: CandidateGate): string {
  return plainTable([
    ["Criterion", "Literal", "Fixed-n", "Anytime", "Signs"],
    ...criteria.map((one) => [
      one.criterion,
      one.is_met ? "met" : "not met",
      one.fixed_n ?? "-",
      one.anytime ?? "-",
      one.signs ?? "-",
    ]),
  ]);
}

function holds(gate: boolean): string {
  return gate ? "holds" : "does not hold";
}

function sayMore(windows: number | null): string {
  return windows === null ? "n/a" : `≥ ${windows}`;
}
