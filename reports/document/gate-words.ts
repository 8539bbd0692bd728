import type { CandidateGate, GateAnswer, GateArm, GateReport } from "../gate/gate-report.ts";
import { ANALYSIS_STREAMS } from "../statistics/candidate/analyse-candidate.ts";
import { costText } from "../text/amount-text.ts";
import { formatCount, formatFixed, formatPercent, NOT_AVAILABLE } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { notAvailable } from "./parts.ts";

/** Makes names of others harmless for the place that shows them. */
type Clean = (text: string) => string;

/** The backlog, whether costs compare, and what is halted. */
export function stateLines(report: GateReport, clean: Clean): readonly string[] {
  return [
    `Backlog: ${report.backlog_ready_blocked} ready features blocked by capacity alone`,
    ...sayPopulation(report.repositories, clean),
    ...report.other_experiments.map(
      ({ experiment_id, candidate, verdict }) =>
        `multiplicity: experiment ${clean(experiment_id)} compared ${clean(candidate)} with the same baseline (${verdict ?? "no decision"}), which was another chance for a false verdict.`,
    ),
    ...(report.is_cost_comparable
      ? []
      : [report.cost_measure === "meter" ? OTHER_METERS : OTHER_TOKENS]),
    ...haltedLines(report, clean),
  ];
}

/** Says of each halt its cause, and what would release it. */
export function haltedLines({ halted }: GateReport, clean: Clean): readonly string[] {
  return halted.map(
    ({ provider, rule, reason, release }) =>
      `Halted: ${clean(provider ?? "the experiment")} (${clean(rule)}). ${clean(reason)} To release it: ${clean(release)}`,
  );
}

/** Thresholds that decide although they were not registered. */
export function sayAmended({ gates }: GateReport): string {
  return gates.is_amended ? ", NOT REGISTERED but allowed by --allow-amended" : "";
}

export function candidateTitle(
  { candidate, verdict, looks, pairs }: CandidateGate,
  clean: Clean,
): string {
  return `${clean(candidate)}: ${verdict} after ${looks} looks, ${pairs} pairs`;
}

/** An interval speaks of tasks like these. */
function sayPopulation(repositories: GateReport["repositories"], clean: Clean): readonly string[] {
  if (repositories.length === 0) return [];
  const parts = repositories.map(({ name, tasks }) => `${clean(name)} (${String(tasks)})`);
  return [`The intervals speak of tasks like these. Tasks by repository: ${parts.join(", ")}`];
}

const OTHER_METERS =
  "Costs can't be compared: the readings do not show one plan and limit. The criterion on cost stays unmet.";
const OTHER_TOKENS =
  "Costs can't be compared: the providers' vendors count tokens differently. No look is taken.";

export function seatLines({ seat }: CandidateGate, clean: Clean): readonly string[] {
  return seat === null ? [] : [`Add ${seat.seats} seat: ${clean(seat.provider)}`];
}

export function sayProtection({ policy, not_protected }: GateAnswer): string {
  return `Not protected against by ${policy}: ${not_protected}`;
}

/** Shown under every policy: `literal` heeds none of them, and only `strict` the last two. */
export function holdLines({ holds }: CandidateGate, clean: Clean): readonly string[] {
  return holds.map(
    ({ hold, is_held, explanation }) =>
      `${clean(hold)} is ${is_held ? "an obstacle" : "no obstacle"}: ${clean(explanation)}`,
  );
}

export function verdictLines({ gates, policies }: CandidateGate): readonly string[] {
  return [
    `G1 ${sayGate(gates.g1)}, G2 ${sayGate(gates.g2)}, G3 ${sayGate(gates.g3)}`,
    `Policies: literal ${policies.literal}, standard ${policies.standard}, strict ${policies.strict}`,
  ];
}

export function sayGate(holds: boolean): string {
  return holds ? "holds" : "does not hold";
}

export function sayMet(isMet: boolean): string {
  return isMet ? "met" : "not met";
}

export function moreWindowsLine({ more_windows: more }: CandidateGate): string {
  return `More windows: ${atLeast(more.optimistic)} as things stand, ${atLeast(more.conservative)} at the upper limit of the spread`;
}

export const NO_HELP = "windows do not help, or 1,000 are too few";

export function atLeast(windows: number | null): string {
  return windows === null ? notAvailable(NO_HELP) : `≥ ${windows}`;
}

const UNITS: Readonly<Record<GateReport["cost_measure"], string>> = {
  tokens: "tokens",
  usd: "dollars",
  meter: "of the meter",
};

/** The unit of the arms' costs. */
export function costUnit(measure: GateReport["cost_measure"]): string {
  return UNITS[measure];
}

export function armHead({ cost_measure }: GateReport): readonly string[] {
  const cost = `Cost (${UNITS[cost_measure]}, geometric mean)`;
  return ["Arm", "n", cost, "Quality", "Error rate", "p95 ms", "Versions"];
}

/** The figures that a decision rests on, and the tools' versions; a row for each arm. */
export function gateArmRows(
  arms: readonly GateArm[],
  { cost_measure }: GateReport,
  clean: Clean,
): readonly (readonly string[])[] {
  return arms.map((arm) => {
    const versions = Object.entries(arm.versions).map(
      ([tool, found]) => `${tool} ${found.join(" and ")}`,
    );
    return [
      `${arm.provider} (${arm.role})`,
      String(arm.n),
      costText(arm.cost, cost_measure),
      formatFixed(arm.quality, 3),
      formatPercent(arm.error_rate),
      formatCount(arm.latency_p95_ms),
      versions.join(", ") || NOT_AVAILABLE,
    ].map(clean);
  });
}

/** Everything that is needed to compute the numbers again. */
export function sourceLines(
  seed: string | null,
  lists: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): readonly string[] {
  const streams = ANALYSIS_STREAMS.map((stream) => toPlainLine(`${seed ?? ""}|${stream}`));
  return [
    `Seed ${toPlainLine(seed ?? NOT_AVAILABLE)}; streams ${streams.join(", ")}`,
    ...Object.entries(lists).map(([name, values]) => sayValues(name, values)),
    "Intervals: fixed-n holds at one look at a planned n; anytime-valid holds at every look at once.",
  ];
}

export function sayValues(name: string, values: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(values).map(([key, value]) => `${key} ${String(value)}`);
  return `${name}: ${named.join(", ")}`;
}
