import { candidateTitle, sayAmended, sayGate, sayMet, seatLines } from "../document/gate-words.ts";
import { decisionAffectedBy } from "../document/shared-lines.ts";
import type { CandidateGate } from "../gate/gate-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { markAffected } from "../text/affected-mark.ts";
import { toPlainLine } from "../text/plain-text.ts";

/** What the gates last decided: a line for each gate and criterion; empty without a decision. */
export function gateLines(report: ReportData): readonly string[] {
  const { gate, asked } = report;
  if (gate === null) return [];
  return [
    `Gates: ${gate.verdict.toUpperCase()}, policy ${gate.policy}${sayAmended(gate)}; see experiment gate --experiment ${asked.experiment_id}`,
    ...gate.candidates.flatMap((one) => candidateLines(one, report)),
  ];
}

function candidateLines(one: CandidateGate, report: ReportData): readonly string[] {
  const { candidate, gates, criteria } = one;
  const title = candidateTitle(one, toPlainLine);
  return [
    `  ${markAffected(title, decisionAffectedBy(report, candidate))}`,
    ...[
      ...seatLines(one, toPlainLine),
      `G1, enough evidence: ${sayGate(gates.g1)}`,
      `G2, real need: ${sayGate(gates.g2)}`,
      `G3, good enough: ${sayGate(gates.g3)}`,
      ...criteria.map(criterionLine),
    ].map((line) => `    ${line}`),
  ];
}

function criterionLine({ criterion, is_met, fixed_n, anytime }: Criterion): string {
  const evidence = [
    ...(fixed_n === null ? [] : [`fixed-n ${fixed_n}`]),
    ...(anytime === null ? [] : [`anytime-valid ${anytime}`]),
  ];
  const found = evidence.length === 0 ? "" : ` (${evidence.join(", ")})`;
  return `${criterion}: ${sayMet(is_met)}${found}`;
}

type Criterion = CandidateGate["criteria"][number];
