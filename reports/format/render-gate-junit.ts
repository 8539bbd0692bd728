import type { CandidateGate, GateReport } from "../gate/gate-report.ts";

/** The gate's answer as JUnit XML: a test case for each gate and criterion, which fails if it is not met. */
export function renderGateJunit(report: GateReport): string {
  const suites = report.candidates.map((candidate) => renderSuite(report, candidate));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="experiment gate ${escape(report.experiment_id)}">\n${suites.join("")}</testsuites>\n`;
}

function renderSuite(report: GateReport, candidate: CandidateGate): string {
  const { gates, criteria, unmet, verdict } = candidate;
  const why = unmet.map(({ reason, explanation }) => `${reason}: ${explanation}`).join("\n");
  const cases = [
    { name: `verdict, policy ${report.policy}`, failure: verdict === "expand" ? null : verdict },
    { name: "G1", failure: gates.g1 ? null : "does not hold" },
    { name: "G2", failure: gates.g2 ? null : "does not hold" },
    { name: "G3", failure: gates.g3 ? null : "does not hold" },
    ...criteria.map(({ criterion, is_met }) => ({
      name: criterion,
      failure: is_met ? null : "not met",
    })),
  ];
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const lines = cases.map(({ name, failure }) => {
    const head = `    <testcase classname="${escape(candidate.candidate)}" name="${escape(name)}"`;
    return failure === null
      ? `${head}/>\n`
      : `${head}>\n      <failure message="${escape(failure)}">${escape(why)}</failure>\n    </testcase>\n`;
  });
  return `  <testsuite name="${escape(candidate.candidate)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">\n${lines.join("")}  </testsuite>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** XML has no way to write most control characters; they become blanks. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\n\t]/gu, " ")
    .replaceAll(/[&<>"]/gu, (character) => ENTITIES[character] ?? character);
}
