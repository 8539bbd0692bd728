import { plainTable } from "../format/plain-table.ts";
import { toPlainLine } from "../format/plain-text.ts";
import type { AnalysedCandidate, Analysis } from "./analyse-windows.ts";
import { costLines } from "./cost-lines.ts";
import { decisionLines } from "./decision-lines.ts";
import { qualityLines } from "./quality-lines.ts";
import { reliabilityLines } from "./reliability-lines.ts";
import { say, sayInterval } from "./say.ts";

/** An analysis as text for a terminal or a pipe; no newline at its end. */
export function renderAnalysis(analysis: Analysis): string {
  return [
    `Baseline ${toPlainLine(analysis.baseline)}, ${analysis.windows} windows, seed ${toPlainLine(analysis.seed)}`,
    ...analysis.candidates.map((candidate) => renderCandidate(candidate, analysis)),
    ...renderArms(analysis),
    renderProvenance(analysis),
  ].join("\n\n");
}

function renderCandidate(candidate: AnalysedCandidate, analysis: Analysis): string {
  return [
    [
      `${toPlainLine(candidate.baseline)} ÷ ${toPlainLine(candidate.candidate)}`,
      ...(candidate.problem === null ? [] : [`  Nothing computed: ${candidate.problem}`]),
      ...countLines(candidate),
    ].join("\n"),
    armTable(candidate),
    section(
      "Cost (baseline ÷ candidate: 2 means that the candidate needs half)",
      costLines(candidate, analysis),
    ),
    section("Quality (candidate ÷ baseline)", qualityLines(candidate, analysis)),
    section("Errors and latency", reliabilityLines(candidate, analysis)),
    section("Decision on this one look", decisionLines(candidate, analysis)),
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
    `  share missing, candidate − baseline: ${say(missingDifference.diff)} ${sayInterval(missingDifference.newcombe95, { level: 95, validity: "fixed-n" })}`,
  ];
}

function armTable({ arms, errors, latency, baseline, candidate }: AnalysedCandidate): string {
  const rows = [
    { name: baseline, arm: arms.a, p: errors.pA, p50: latency.p50A, p95: latency.p95A },
    { name: candidate, arm: arms.b, p: errors.pB, p50: latency.p50B, p95: latency.p95B },
  ].map(({ name, arm, p, p50, p95 }) => [
    toPlainLine(name),
    String(arm.cost.n ?? 0),
    say(arm.cost.mean),
    say(arm.cost.geoMean),
    say(arm.quality.mean),
    say(p),
    say(p50),
    say(p95),
  ]);
  const head = ["Provider", "n", "Cost mean", "Cost geo mean", "Quality", "Error rate"];
  return plainTable([[...head, "p50 ms", "p95 ms"], ...rows]);
}

function renderArms({ multiArm }: Analysis): readonly string[] {
  if (multiArm === null) return [];
  const rows = multiArm.contrasts.map((one, index) => [
    toPlainLine(one.arm),
    say(one.ratio),
    sayInterval([one.ratioCi95Lower, one.ratioCi95Upper], { level: 95, validity: "fixed-n" }),
    one.pGreater1.toFixed(4),
    one.pGreater2.toFixed(4),
    multiArm.holmPGreater2[index]?.toFixed(4) ?? "n/a",
  ]);
  const head = ["Candidate", "Ratio", "Interval", "p (≤ 1)", "p (≤ 2)", "p (≤ 2), Holm"];
  return [
    `All arms in one model of feature, period and arm (${multiArm.status})\n${plainTable([head, ...rows])}`,
  ];
}

function renderProvenance({ seed, streams, defaults, versions }: Analysis): string {
  return [
    `Seed ${toPlainLine(seed)}; streams ${streams.map((stream) => `${toPlainLine(seed)}|${stream}`).join(", ")}`,
    `Thresholds: ${list(defaults)}`,
    `Versions: ${list(versions)}`,
    "Intervals: fixed-n holds at one look at a planned n; anytime-valid holds at every look at once.",
  ].join("\n");
}

function list(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
