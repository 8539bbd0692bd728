import { explainReasons } from "../decisions/explain-decision.ts";
import { figuresOf } from "../decisions/figures-of-look.ts";
import { GATE_POLICIES } from "../decisions/gate-file.ts";
import { SHOWN } from "../decisions/shown-verdict.ts";
import { criteriaTable } from "../document/gate-section.ts";
import { sayGate, sourceLines } from "../document/gate-words.ts";
import { unmetTable } from "../document/unmet-conditions.ts";
import { listCriteria } from "../gate/gate-report.ts";
import type { AnalysedCandidate, Analysis } from "../report/analyse-windows.ts";
import { STATUS_REASONS } from "../report/estimate.ts";
import type { Crossover } from "../statistics/cost/crossover.ts";
import type { FiellerInterval } from "../statistics/quality/fieller-interval.ts";
import {
  ANYTIME_95,
  FIXED_90,
  FIXED_95,
  say,
  sayE,
  sayInterval,
  sayOr,
  sayP,
  sayUnconfirmed,
} from "../text/number-text.ts";
import { plainTable } from "../text/plain-table.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { mapNumbers, roundNumber } from "../text/round-numbers.ts";
import { renderBlock } from "./render-terminal.ts";

const NO_CARRYOVER = "carry-over: n/a (features were run in several replicates)";

/** An analysis for a terminal or a pipe; no newline at its end. */
export function renderAnalysis(analysis: Analysis, columns?: number): string {
  const { baseline, seed, windows, defaults, versions } = analysis;
  return [
    `Baseline ${toPlainLine(baseline)}, ${windows} windows, seed ${toPlainLine(seed)}`,
    ...analysis.candidates.map((candidate) => renderCandidate(candidate, analysis, columns)),
    ...renderArms(analysis, columns),
    sourceLines(seed, { Thresholds: defaults, Versions: versions }).join("\n"),
  ].join("\n\n");
}

function renderCandidate(
  candidate: AnalysedCandidate,
  analysis: Analysis,
  columns?: number,
): string {
  return [
    [
      `${toPlainLine(candidate.baseline)} ÷ ${toPlainLine(candidate.candidate)}`,
      ...(candidate.problem === null ? [] : [`  Nothing computed: ${candidate.problem}`]),
      ...countLines(candidate),
    ].join("\n"),
    armTable(candidate, columns),
    section(
      "Cost (baseline ÷ candidate: 2 means that the candidate needs half)",
      costLines(candidate, analysis),
    ),
    section("Quality (candidate ÷ baseline)", qualityLines(candidate, analysis)),
    section("Errors and latency", reliabilityLines(candidate, analysis)),
    section("Decision on this one look", decisionLines(candidate, analysis, columns)),
  ].join("\n\n");
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function countLines(candidate: AnalysedCandidate): readonly string[] {
  const { pairs, pairsAB, pairsBA, features, incompletePairs, missingDifference } = candidate;
  return [
    `  ${pairs} pairs (${pairsAB} AB, ${pairsBA} BA) of ${features} features; the feature is the unit`,
    `  ${incompletePairs} incomplete (${candidate.missingPeriod1} without period 1, ${candidate.missingPeriod2} without period 2; baseline ${candidate.missingA}, candidate ${candidate.missingB})`,
    `  share missing, candidate − baseline: ${say(missingDifference.diff)} ${sayInterval(missingDifference.newcombe95, FIXED_95)}`,
  ];
}

function armTable(
  { arms, errors, latency, baseline, candidate }: AnalysedCandidate,
  columns?: number,
): string {
  const rows = [
    { name: baseline, arm: arms.a, p: errors.pA, p50: latency.p50A, p95: latency.p95A },
    { name: candidate, arm: arms.b, p: errors.pB, p50: latency.p50B, p95: latency.p95B },
  ].map(({ name, arm: { cost, quality }, p, p50, p95 }) => [
    toPlainLine(name),
    String(cost.n ?? 0),
    ...[cost.mean, cost.geoMean, quality.mean, p, p50, p95].map(say),
  ]);
  const head = ["Provider", "n", "Cost mean", "Cost geo mean", "Quality", "Error rate"];
  return plainTable([[...head, "p50 ms", "p95 ms"], ...rows], { columns });
}

function costLines({ cost }: AnalysedCandidate, { defaults }: Analysis): readonly string[] {
  const { rounds, unadjusted, adverse } = cost;
  const reason = STATUS_REASONS[rounds.status];
  const otherReason = STATUS_REASONS[unadjusted.status];
  const ratio = rounds.ratio ?? expOf(rounds.estimate);
  const tests = rounds.nullTests.map(
    ({ theta0, pGreater, pLess }) => `above ${theta0}: ${sayP(pGreater)}, below: ${sayP(pLess)}`,
  );
  return [
    `status ${rounds.status}`,
    `ratio, adjusted for order: ${sayOr(ratio, reason)} ${sayInterval([rounds.ratioCi95Lower, rounds.ratioCi95Upper], FIXED_95)}, relative width ${say(rounds.ciWidthRel)}`,
    `one-sided tests (fixed-n): ${tests.join("; ") || `n/a (${reason})`}`,
    `equivalent within 0.8 to 1.25 (fixed-n): ${sayP(rounds.tost?.p)}`,
    `ratio, not adjusted: ${sayOr(unadjusted.gmr, otherReason)} ${sayInterval([unadjusted.ci95Lower, unadjusted.ci95Upper], FIXED_95)}`,
    `ratio of totals: ${sayOr(unadjusted.totalsRatio, otherReason)} ${sayInterval([unadjusted.totalsCi95Lower, unadjusted.totalsCi95Upper], FIXED_95)}`,
    `no cheaper: ${adverse.adversePairs} of ${adverse.n}; share at most ${say(adverse.shareUpper95)} (95 % one-sided, fixed-n)`,
    ...anytimeLines(cost, String(defaults["costTarget"])),
    ...orderLines(cost),
  ];
}

function anytimeLines(cost: AnalysedCandidate["cost"], target: string): readonly string[] {
  const { evidenceAgainst1, evidenceAgainstTarget } = cost;
  const { final } = evidenceAgainst1;
  return [
    `at any time of looking: ${sayInterval(final && [final.ratioCs95Lower, final.ratioCs95Upper], ANYTIME_95)}, at least ${say(final?.ratioOneSidedLower)} (95 % one-sided, anytime-valid)`,
    `evidence above 1: ${sayLast(evidenceAgainst1.logEGreater)}; above ${target}: ${sayLast(evidenceAgainstTarget.logEGreater)}; below ${target}: ${sayLast(evidenceAgainstTarget.logELess)} (anytime-valid)`,
    `evidence by signs alone, above ${target}: ${sayLast(evidenceAgainstTarget.signLogE)} (anytime-valid)`,
  ];
}

/** Before the first pair there is no evidence either way: E = 1. */
function sayLast(logE: readonly number[]): string {
  return sayE(logE.at(-1) ?? 0);
}

function orderLines({ rounds, crossover }: AnalysedCandidate["cost"]): readonly string[] {
  const { period, periodEffect, status } = rounds;
  const limits = [expOf(periodEffect.ci95Lower), expOf(periodEffect.ci95Upper)] as const;
  const isBalanced = period === null && status === "ok";
  const reason = isBalanced ? "every feature was run in both orders" : STATUS_REASONS[status];
  return [
    `order effect, period 1 ÷ period 2: ${sayOr(expOf(period), reason)} ${sayInterval(limits, FIXED_95)}, ${sayP(periodEffect.pTwoSided)}`,
    ...(crossover === null ? [NO_CARRYOVER] : carryoverLines(crossover)),
  ];
}

function carryoverLines({ status, carryover, carryoverWarning, firstPeriodOnly }: Crossover) {
  const reason = STATUS_REASONS[status];
  const limits = carryover && ([carryover.ci95Lower, carryover.ci95Upper] as const);
  const warning = carryoverWarning ? "; look at the design" : "";
  return [
    `carry-over (reported only), log scale: ${sayOr(carryover?.estimate, reason)} ${sayInterval(limits, FIXED_95)}, ${sayP(carryover?.pTwoSided)}${warning}`,
    `first period only, log scale: ${sayOr(firstPeriodOnly?.estimate, reason)}, ${sayP(firstPeriodOnly?.pTwoSided)} (fixed-n)`,
  ];
}

function expOf(log: number | null): number | null {
  return log === null ? null : Math.exp(log);
}

function qualityLines(
  { quality, extraForQuality }: AnalysedCandidate,
  { defaults }: Analysis,
): readonly string[] {
  const { contrastTPeriodAdjusted, contrastT, contrastSignFlip, betting } = quality;
  const contrast = contrastTPeriodAdjusted ?? contrastT;
  const drop = quality.dropTPeriodAdjusted ?? quality.dropT;
  const reason = quality.meanA === 0 ? "the baseline scores 0" : STATUS_REASONS[quality.status];
  const rho = String(defaults["qualityMin"]);
  return [
    `status ${quality.status}`,
    `ratio: ${sayOr(quality.ratio, reason)} ${sayFieller(quality.fieller95)}`,
    `at least ${rho} of the baseline (fixed-n): t ${sayP(contrast?.pGreater)}, sign flips ${sayP(contrastSignFlip?.pGreater)}, signed ranks ${sayP(quality.contrastWilcoxon?.pGreater)}`,
    `any drop (fixed-n): t ${sayP(drop?.pLess)}, sign flips ${sayP(quality.dropSignFlip?.pLess)}${quality.dropTestable ? "" : "; too few features to show one"}`,
    `at any time of looking: ${say(betting.ratioLower)} to ${say(betting.ratioUpper)} (95 % each, one-sided, anytime-valid)`,
    `evidence for at least ${rho}: ${sayE(betting.logENonInferior.at(-1))}; for less: ${sayE(betting.logEInferior.at(-1))} (anytime-valid)${sayUnconfirmed(extraForQuality)}`,
  ];
}

function sayFieller(interval: FiellerInterval | null): string {
  if (interval?.type === "unbounded") return "(95 % CI unbounded, Fieller, fixed-n)";
  if (interval?.type === "exclusive") {
    return `(95 % CI all but ${say(interval.excludedFrom)} to ${say(interval.excludedTo)}, Fieller, fixed-n)`;
  }
  return sayInterval(interval && [interval.lower, interval.upper], FIXED_95);
}

function reliabilityLines(
  { errors, latency }: AnalysedCandidate,
  { defaults }: Analysis,
): readonly string[] {
  const hasErrors = errors.status === "ok";
  const { perFeatureT: t } = latency;
  const how = latency.decisionMethod === null ? latency.status : "bootstrap by feature";
  return [
    `error rate, candidate − baseline: ${sayOr(errors.diff, "no requests counted on both sides")} ${sayInterval(hasErrors ? errors.newcombe95 : null, FIXED_95)}`,
    `  decides: ${sayInterval(hasErrors ? errors.miettinenNurminen90 : null, FIXED_90)}, higher by ${String(defaults["errorMargin"])} or more: ${sayP(errors.niP)}`,
    `  design effect: baseline ${say(errors.raoScottA?.deff)}, candidate ${say(errors.raoScottB?.deff)}`,
    `p95 latency, candidate ÷ baseline: ${sayOr(latency.ratio, "fewer than 4 features, or than 20 requests on one side")} ${sayInterval(latency.decisionRatioCi, FIXED_90)}, ${how}`,
    `  sensitivity, the typical feature's own ratio: ${say(t?.ratio)} ${sayInterval(t && [t.ratioCi90Lower, t.ratioCi90Upper], FIXED_90)}, t over features; decides nothing`,
  ];
}

/** Power, what is still missing, the criteria and the verdicts. */
function decisionLines(
  candidate: AnalysedCandidate,
  { gates }: Pick<Analysis, "gates">,
  columns?: number,
): readonly string[] {
  const { power, projection, projectionConservative, allocation, look, decisions } = candidate;
  const decision = decisions[gates.policy];
  const verdicts = GATE_POLICIES.map((policy) => `${policy} ${SHOWN[decisions[policy].verdict]}`);
  const explained = explainReasons(decision.reasons, {
    look,
    figures: figuresOf(candidate),
    gates,
    backlogReadyBlocked: 0,
  });
  const unmet = explained.map(({ moreWindows, ...one }) => ({ ...one, more_windows: moreWindows }));
  return [
    `power: ${say(power.power)} (cost ${say(power.powerCost)}, quality ${say(power.powerQuality)}); at the upper limit of the spread ${say(power.powerConservative)}`,
    `orders as assigned: ${sayP(allocation.p)}, ${sayE(allocation.logE)}${candidate.srmAlarm ? ": ALARM" : ""}`,
    ...renderBlock(criteriaTable({ criteria: listCriteria(look.criteria) }, ""), {
      columns,
    }).split("\n"),
    `G1 ${sayGate(decision.G1)}, G2 ${sayGate(decision.G2)} (a file knows no backlog), G3 ${sayGate(decision.G3)}`,
    `verdicts: ${verdicts.join(", ")}`,
    ...renderBlock(unmetTable([{ candidate: candidate.candidate, unmet }])).split("\n"),
    `more windows, as things stand: ${sayMore(projection)}; at the upper limit of the spread: ${sayMore(projectionConservative)}`,
  ];
}

function sayMore(projection: AnalysedCandidate["projection"]): string {
  if (projection === null) return "n/a (no spread known)";
  const { extraWindows } = projection;
  return extraWindows === null ? "500 more pairs would not do" : `≥ ${extraWindows}`;
}

function renderArms({ multiArm }: Analysis, columns?: number): readonly string[] {
  if (multiArm === null) return [];
  const rows = multiArm.contrasts.map((one, index) => [
    toPlainLine(one.arm),
    say(one.ratio),
    sayInterval([one.ratioCi95Lower, one.ratioCi95Upper], FIXED_95),
    one.pGreater1.toFixed(4),
    one.pGreater2.toFixed(4),
    multiArm.holmPGreater2[index]?.toFixed(4) ?? "n/a",
  ]);
  const head = ["Candidate", "Ratio", "Interval", "p (≤ 1)", "p (≤ 2)", "p (≤ 2), Holm"];
  return [
    `All arms in one model of feature, period and arm (${multiArm.status})\n${plainTable([head, ...rows], { columns })}`,
  ];
}

/** The analysis for JSON: rounded numbers, and infinite limits as the texts that R prints. */
export function analysisJson({ gates: _gates, ...analysis }: Analysis): unknown {
  return mapNumbers(analysis, (value) =>
    Math.abs(value) === Infinity ? String(value) : roundNumber(value),
  );
}
