import { plainTable } from "../format/plain-table.ts";
import { toPlainLine } from "../format/plain-text.ts";
import type { CandidateGate, GateReport } from "./gate-report.ts";

/** The gate's answer as text; no newline at its end. */
export function renderGate(report: GateReport): string {
  const { gates, policy } = report;
  return [
    [
      `${report.verdict.toUpperCase()}  [${report.experiment_id}], policy ${policy}`,
      `Gate file version ${gates.version}, SHA-256 ${gates.sha256}${gates.is_amended ? `: AMENDED after registration (${gates.registered_sha256})` : ""}`,
      `Backlog: ${report.backlog_ready_blocked} ready features blocked by capacity alone`,
      ...(report.is_cost_comparable
        ? []
        : [
            "Costs can't be compared: the providers' vendors count tokens differently. No look is taken.",
          ]),
      ...report.halted.map(
        ({ provider, rule, reason, release }) =>
          `Halted: ${toPlainLine(provider ?? "the experiment")} (${toPlainLine(rule)}): ${toPlainLine(reason)} To release it: ${toPlainLine(release)}`,
      ),
    ].join("\n"),
    ...report.candidates.map(renderCandidate),
  ].join("\n\n");
}

function renderCandidate(gate: CandidateGate): string {
  const { candidate, gates, policies, more_windows, seat } = gate;
  return [
    `${toPlainLine(candidate)}: ${gate.verdict} after ${gate.looks} looks, ${gate.pairs} pairs`,
    ...(seat === null ? [] : [`Add ${seat.seats} seat: ${toPlainLine(seat.provider)}`]),
    `G1 ${holds(gates.g1)}, G2 ${holds(gates.g2)}, G3 ${holds(gates.g3)}`,
    `Policies: literal ${policies.literal}, standard ${policies.standard}, strict ${policies.strict}`,
    ...(gate.criteria.length === 0 ? [] : [criteriaTable(gate)]),
    ...gate.unmet.map(
      ({ reason, explanation, more_windows: more }) =>
        `- ${reason}: ${explanation}${more === null ? "" : ` ≥ ${more} more windows.`}`,
    ),
    `More windows: ${sayMore(more_windows.optimistic)} as things stand, ${sayMore(more_windows.conservative)} at the upper limit of the spread`,
  ].join("\n");
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
