import type { CandidateGate, GateAnswer, GateReport } from "../report/gate-report.ts";
import { type CaseEnd, type JunitCase, type JunitSuite, renderJunit } from "./junit.ts";

type Unmet = CandidateGate["unmet"];

/** The gate's answer as JUnit XML. */
export function renderGateJunit(report: GateReport): string {
  const { experiment_id: id, ledger } = report;
  return renderJunit({ name: `experiment gate ${id}`, ledger }, gateSuites(report));
}

/** A suite for each candidate: a case for the verdict, each gate and each criterion, with its own reason. */
export function gateSuites(report: GateAnswer): readonly JunitSuite[] {
  return report.candidates.map((one) => ({
    name: one.candidate,
    cases: [verdictCase(report, one), ...gateCases(one), ...criterionCases(one)],
  }));
}

function verdictCase({ policy }: GateAnswer, one: CandidateGate): JunitCase {
  const { candidate: classname, verdict, gates, unmet } = one;
  const name = `verdict, policy ${policy}`;
  if (verdict === "expand") return { classname, name, end: { kind: "passed" } };
  const closed = (["g1", "g2", "g3"] as const)
    .filter((gate) => !gates[gate])
    .map((gate) => `${gate.toUpperCase()} does not hold.`);
  const others = unmet.filter(({ reason }) => gateOf(reason) === null);
  return { classname, name, end: failure(verdict, others, closed) };
}

function gateCases({ candidate: classname, gates, unmet }: CandidateGate): readonly JunitCase[] {
  return (["g1", "g2", "g3"] as const).map((gate) => {
    const own = unmet.filter(({ reason }) => gateOf(reason) === gate);
    const end: CaseEnd = gates[gate] ? { kind: "passed" } : failure("does not hold", own);
    return { classname, name: gate.toUpperCase(), end };
  });
}

function criterionCases({
  candidate: classname,
  criteria,
  unmet,
}: CandidateGate): readonly JunitCase[] {
  return criteria.map(({ criterion, is_met }) => {
    const own = unmet.filter(({ reason }) => isAbout(reason, criterion));
    const end: CaseEnd = is_met ? { kind: "passed" } : failure("not met", own);
    return { classname, name: criterion, end };
  });
}

/** `not met: cost_point: The cost ratio is 1.9; …`; all reasons in the text. */
function failure(head: string, unmet: Unmet, more: readonly string[] = []): CaseEnd {
  const lines = [...more, ...unmet.map(({ reason, explanation }) => `${reason}: ${explanation}`)];
  return {
    kind: "failure",
    message: [head, ...lines.slice(0, 1)].join(": "),
    text: lines.join("\n"),
  };
}

const FIRST_GATE = [
  "min_windows",
  "ci_not_finite",
  "ci_width",
  "zero_variance",
  "capped",
  "power",
  "quality_ratio",
  "not_two_consecutive",
];

/** The gate that a reason keeps closed; null for stops, holds and the policy's evidence. */
function gateOf(reason: string): "g1" | "g2" | "g3" | null {
  if (FIRST_GATE.includes(reason)) return "g1";
  if (reason === "backlog") return "g2";
  return reason.endsWith("_point") || reason === REGRESSION ? "g3" : null;
}

const REGRESSION = "deterministic_regression";

function isAbout(reason: string, criterion: string): boolean {
  return criterion === "tests" ? reason === REGRESSION : reason === `${criterion}_point`;
}
