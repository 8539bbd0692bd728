import type { LookFigures } from "../decisions/look-figures.ts";
import {
  armHead,
  atLeast,
  candidateTitle,
  gateArmRows,
  holdLines,
  moreWindowsLine,
  sayAmended,
  sayMet,
  sayProtection,
  sayValues,
  seatLines,
  sourceLines,
  stateLines,
  verdictLines,
} from "../document/gate-words.ts";
import { openAgentLines } from "../document/shared-lines.ts";
import type { CandidateGate, GateAnswer, GateReport } from "../gate/gate-report.ts";
import { NO_SIGNS, whyNoAnytime } from "../text/no-anytime.ts";
import {
  ANYTIME_95,
  FIXED_90,
  FIXED_95,
  NOT_AVAILABLE,
  say,
  sayE,
  sayInterval,
  sayP,
  sayUnconfirmed,
} from "../text/number-text.ts";
import { plainTable } from "../text/plain-table.ts";
import { toPlainLine } from "../text/plain-text.ts";
import type { Style } from "./budget-lines.ts";
import { ledgerLines } from "./ledger-lines.ts";

type Thresholds = GateReport["gates"]["thresholds"];

interface GateManner {
  /** Formats for a terminal; by default the text is plain. */
  readonly style?: Style | undefined;
  /** The width of the place; without one, tables have all their columns. */
  readonly columns?: number | undefined;
}

/** The gate's answer for a terminal; no newline at its end. */
export function renderGate(report: GateReport, { style, columns }: GateManner = {}): string {
  const { gates, policy, seed, not_registered: other } = report;
  const answerLines = (answer: GateAnswer) =>
    answer.candidates.map((gate) => renderCandidate(gate, { report, answer, columns }));
  return [
    [
      `${report.verdict.toUpperCase()}  [${report.experiment_id}], policy ${policy}${sayAmended(report)}`,
      `Gate file version ${gates.version}, SHA-256 ${gates.sha256}${gates.is_amended ? `: AMENDED after registration (${gates.registered_sha256})` : ""}`,
      ...openAgentLines(report).map((line) => style?.("bold", line) ?? line),
      ...stateLines(report, toPlainLine),
    ].join("\n"),
    ...answerLines(report),
    sourceLines(seed, { Thresholds: gates.thresholds }).join("\n"),
    ...(other === null
      ? []
      : [
          [
            `NOT REGISTERED: ${other.verdict.toUpperCase()}, policy ${other.policy}. Only --allow-amended lets it decide.`,
            `Gate file version ${other.gates.version}, SHA-256 ${other.gates.sha256}`,
          ].join("\n"),
          ...answerLines(other),
          sayValues("Thresholds", other.gates.thresholds),
        ]),
    ...(report.ledger === null ? [] : [ledgerLines(report.ledger).join("\n")]),
  ].join("\n\n");
}

function renderCandidate(gate: CandidateGate, { report, answer, columns }: Rendering): string {
  return [
    candidateTitle(gate, toPlainLine),
    ...seatLines(gate, toPlainLine),
    ...verdictLines(gate),
    sayProtection(answer),
    ...holdLines(gate, toPlainLine),
    ...figureLines(gate.figures, answer.gates.thresholds),
    ...(gate.arms.length === 0
      ? []
      : [
          plainTable([armHead(report), ...gateArmRows(gate.arms, report, toPlainLine)], {
            columns,
          }),
        ]),
    ...(gate.criteria.length === 0 ? [] : [criteriaTable(gate.criteria, columns)]),
    ...gate.unmet.map(({ more_windows: moreWindows, ...reason }) =>
      unmetLine({ ...reason, moreWindows }),
    ),
    moreWindowsLine(gate),
  ].join("\n");
}

interface Rendering {
  readonly report: GateReport;
  /** What the candidate's answer belongs to. */
  readonly answer: GateAnswer;
  readonly columns: number | undefined;
}

/** An unmet condition in a line, with the number of windows that would meet it. */
export function unmetLine(unmet: {
  readonly reason: string;
  readonly explanation: string;
  readonly moreWindows: number | null;
}): string {
  const { reason, explanation, moreWindows } = unmet;
  const more = moreWindows === null ? "" : ` ${atLeast(moreWindows)} more windows.`;
  return `- ${reason}: ${explanation}${more}`;
}

/** Every criterion as it is read literally, at this n, and at any time of looking. */
export function criteriaTable(criteria: CandidateGate["criteria"], columns?: number): string {
  const head = ["Criterion", "Literal", "Fixed-n", "Anytime", "Signs"];
  const rows = criteria.map(({ criterion, is_met, fixed_n, anytime, signs }) => [
    criterion,
    sayMet(is_met),
    ...[fixed_n, anytime, signs].map((finding) => finding ?? NOT_AVAILABLE),
  ]);
  const reasons = criteria
    .filter(({ anytime }) => anytime === null)
    .map(({ criterion }) => `${criterion}: ${whyNoAnytime(criterion)}`);
  const why = [...reasons, `signs: ${NO_SIGNS}`].join("; ");
  return `${plainTable([head, ...rows], { columns })}\n${NOT_AVAILABLE}: ${why}.`;
}

/** The numbers behind a look, each interval with its level and validity; none before the first look. */
function figureLines(figures: LookFigures | null, thresholds: Thresholds): readonly string[] {
  if (figures === null) return [];
  const { pairsAB, pairsBA, missingPeriod1, missingPeriod2 } = figures;
  return [
    `Pairs: ${count(pairsAB)} baseline first, ${count(pairsBA)} candidate first; incomplete: ${count(missingPeriod1)} without period 1, ${count(missingPeriod2)} without period 2`,
    ...costLines(figures, thresholds),
    ...clusterLines(figures),
    ...qualityLines(figures, thresholds),
    `Errors: ${sayErrors(figures)}; design effects ${say(figures.errorDesignEffectA)} and ${say(figures.errorDesignEffectB)}`,
    `p95 latency: ${sayP95(figures)}`,
    `Power: ${say(figures.power)}, at the upper limit of the spread ${say(figures.powerConservative)}`,
    `Orders as assigned: ${sayP(figures.allocationP)}, ${sayE(figures.allocationLogE)}`,
  ];
}

function sayErrors({ errorDifference, ...others }: LookFigures): string {
  if (errorDifference === null) return NOT_AVAILABLE;
  return `${say(errorDifference)} more ${sayInterval(others.errorDifferenceCi95, FIXED_95)}; decides ${sayInterval(others.errorDifferenceCi90, FIXED_90)}`;
}

function sayP95({ latencyRatio, latencyRatioCi90 }: LookFigures): string {
  if (latencyRatio === null) return NOT_AVAILABLE;
  return `${say(latencyRatio)} times the baseline's ${sayInterval(latencyRatioCi90, FIXED_90)}`;
}

/** The pairs so far may allow no interval that holds at every look. */
function sayAnytime({ costRatioCs95: limits }: LookFigures): string {
  return limits === null
    ? ", no anytime-valid interval yet"
    : `, ${sayInterval(limits, ANYTIME_95)}`;
}

function costLines(figures: LookFigures, { cost_target }: Thresholds): readonly string[] {
  return [
    `Cost ratio: ${say(figures.costRatio)} ${sayInterval(figures.costRatioCi95, FIXED_95)}${sayAnytime(figures)}`,
    `  of totals ${say(figures.totalsRatio)} ${sayInterval(figures.totalsRatioCi95, FIXED_95)}; no cheaper in ${count(figures.adversePairs)} features, share at most ${say(figures.adverseShareUpper95)} (95 % one-sided, fixed-n)`,
    `  evidence above 1 ${sayE(figures.logE1)}, above ${cost_target} ${sayE(figures.logETarget)}, by signs ${sayE(figures.logESign)} (anytime-valid)`,
    `  order effect ${say(figures.orderEffect)}, ${sayP(figures.orderEffectP)}; carry-over (log scale, reported only) ${say(figures.carryover)}, ${sayP(figures.carryoverP)}`,
    `  first periods alone ${say(figures.firstPeriodRatio)} ${sayInterval(figures.firstPeriodRatioCi95, FIXED_95)}; evidence of totals above ${cost_target} ${sayE(figures.logETotals)} (anytime-valid)`,
  ];
}

/** Tasks of one repository that are alike tell less about other repositories than their number says. */
function clusterLines({ repositoryCorrelation }: LookFigures): readonly string[] {
  if (repositoryCorrelation === null) return [];
  const shown = `Intraclass correlation of the log cost ratios by repository: ${say(repositoryCorrelation)}`;
  if (repositoryCorrelation <= CLUSTERED_FROM) return [shown];
  return [
    `${shown}. clustered: tasks of one repository are alike, so these say less about other repositories than their number suggests. Name a family in task.yaml for tasks that belong together.`,
  ];
}

const CLUSTERED_FROM = 0.3;

function qualityLines(figures: LookFigures, { quality_min }: Thresholds): readonly string[] {
  return [
    `Quality: ${say(figures.qualityRatio)} of the baseline's ${sayInterval(figures.qualityRatioCi95, FIXED_95)}`,
    `  at least ${quality_min}: t ${sayP(figures.qualityKeptP)}, sign flips ${sayP(figures.qualityKeptSignFlipP)}; any drop: t ${sayP(figures.qualityDropP)}, sign flips ${sayP(figures.qualityDropSignFlipP)} (fixed-n)`,
    `  evidence for at least ${quality_min} ${sayE(figures.logEQuality)} (anytime-valid)${sayUnconfirmed(figures.extraForQuality)}`,
  ];
}

function count(value: number | null): string {
  return value === null ? NOT_AVAILABLE : String(value);
}
