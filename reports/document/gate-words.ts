import type { CandidateGate, GateAnswer, GateReport } from "../report/gate-report.ts";
import { ANALYSIS_STREAMS } from "../statistics/candidate/analyse-candidate.ts";
import { NOT_AVAILABLE } from "../text/number-text.ts";
import { METHOD } from "./method.ts";

/** The backlog, whether costs compare, and what is halted. */
export function stateLines(report: GateReport): readonly string[] {
  return [
    `Backlog: ${report.backlog_ready_blocked} ready features blocked by capacity alone`,
    ...sayPopulation(report.repositories),
    ...report.other_experiments.map(
      ({ experiment_id, candidate, verdict }) =>
        `multiplicity: experiment ${experiment_id} compared ${candidate} with the same baseline (${verdict ?? "no decision"}), which was another chance for a false verdict.`,
    ),
    ...(report.is_cost_comparable
      ? []
      : [report.cost_measure === "meter" ? OTHER_METERS : OTHER_TOKENS]),
    ...haltedLines(report),
  ];
}

/** Says of each halt its cause, and what would release it. */
export function haltedLines({ halted }: GateReport): readonly string[] {
  return halted.map(
    ({ provider, rule, reason, release }) =>
      `Halted: ${provider ?? "the experiment"} (${rule}). ${reason} To release it: ${release}`,
  );
}

/** Thresholds that decide although they were not registered. */
export function sayAmended({ gates }: GateReport): string {
  return gates.is_amended ? ", NOT REGISTERED but allowed by --allow-amended" : "";
}

export function candidateTitle({ candidate, verdict, looks, pairs }: CandidateGate): string {
  return `${candidate}: ${verdict} after ${looks} looks, ${pairs} pairs`;
}

/** An interval speaks of tasks like these. */
function sayPopulation(repositories: GateReport["repositories"]): readonly string[] {
  if (repositories.length === 0) return [];
  const parts = repositories.map(({ name, tasks }) => `${name} (${String(tasks)})`);
  return [`The intervals speak of tasks like these. Tasks by repository: ${parts.join(", ")}`];
}

const OTHER_METERS =
  "Costs can't be compared: the readings do not show one plan and limit. The criterion on cost stays unmet.";
const OTHER_TOKENS =
  "Costs can't be compared: the providers' vendors count tokens differently. No look is taken.";

export function sayProtection({ policy, not_protected }: GateAnswer): string {
  return `Not protected against by ${policy}: ${not_protected}`;
}

/** Shown under every policy: `literal` ignores all of them, and only `strict` uses the last two. */
export function holdLines({ holds }: CandidateGate): readonly string[] {
  return holds.map(
    ({ hold, is_held, explanation }) =>
      `${hold} is ${is_held ? "an obstacle" : "no obstacle"}: ${explanation}`,
  );
}

export function sayGate(holds: boolean): string {
  return holds ? "holds" : "does not hold";
}

export function sayMet(isMet: boolean): string {
  return isMet ? "met" : "not met";
}

const UNITS: Readonly<Record<GateReport["cost_measure"], string>> = {
  tokens: "tokens",
  usd: "dollars",
  meter: "of the meter",
};

/** The file of the thresholds that decided. */
export function gateFileFigure({ gates }: GateAnswer) {
  const { version, sha256, registered_sha256, is_amended } = gates;
  const amended = is_amended ? `: AMENDED after registration (${registered_sha256})` : "";
  return {
    name: "Gate file",
    value: `version ${version}, SHA-256 ${sha256}${amended}`,
    meaning: "The thresholds that decided.",
    method: METHOD.gates,
  };
}

/** The unit of the arms' costs. */
export function costUnit(measure: GateReport["cost_measure"]): string {
  return UNITS[measure];
}

/** Everything that is needed to compute the numbers again. */
export function sourceLines(
  seed: string | null,
  lists: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): readonly string[] {
  const streams = ANALYSIS_STREAMS.map((stream) => `${seed ?? ""}|${stream}`);
  return [
    `Seed ${seed ?? NOT_AVAILABLE}; streams ${streams.join(", ")}`,
    ...Object.entries(lists).map(([name, values]) => sayValues(name, values)),
    "Intervals: fixed-n holds at one look at a planned n; anytime-valid holds at every look at once.",
  ];
}

export function sayValues(name: string, values: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(values).map(([key, value]) => `${key} ${String(value)}`);
  return `${name}: ${named.join(", ")}`;
}
