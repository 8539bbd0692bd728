import { canonicalSha256 } from "../../ledger/domain/canonical-json.ts";
import type { CandidateData } from "../evidence/resolved-pairs.ts";
import {
  analyseCandidate,
  type CandidateAnalysis,
} from "../statistics/candidate/analyse-candidate.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { holm, pFromLogE } from "../statistics/multi-arm/holm.ts";
import { byCodeUnit } from "../statistics/randomisation/code-unit-order.ts";
import { optionsOf, type GateFile } from "./gate-file.ts";
import { judgeCriteria } from "./judge-criteria.ts";
import type { Look } from "./look.ts";

const SIGNIFICANT_DIGITS = 12;

/** The question that all candidates share, and their data. */
export interface AssessmentInput {
  readonly baseline: string;
  readonly rootSeed: string;
  readonly gates: GateFile;
  readonly candidates: readonly CandidateData[];
  /** The number of registered candidates; those without data enter with p = 1. */
  readonly registered?: number;
}

/** A candidate's statistics and what the gates read of them. */
export interface AssessedCandidate {
  readonly candidate: string;
  readonly analysis: CandidateAnalysis;
  readonly look: Look;
}

/**
 * Analyses every candidate against the baseline and judges the criteria. With several candidates
 * Holm's method adjusts the evidence on cost, so that more candidates do not mean more chances.
 */
export function assessCandidates(input: AssessmentInput): readonly AssessedCandidate[] {
  const { baseline, rootSeed, gates, candidates, registered = candidates.length } = input;
  const analyses = candidates.map((data) =>
    analyseCandidate({ ...data, baseline, rootSeed, options: optionsOf(gates) }),
  );
  const pValues = Array.from({ length: registered }, (_, index) =>
    pFromLogE(analyses[index]?.cost.evidenceAgainstTarget.logEGreater.at(-1) ?? 0),
  );
  const adjusted = holm(pValues);
  return candidates.flatMap((data, index) => {
    const analysis = analyses[index];
    if (analysis === undefined) return [];
    const adjustedCostP = registered > 1 ? adjusted[index] : undefined;
    return [
      {
        candidate: data.candidate,
        analysis,
        look: lookAt(data, analysis, { input, adjustedCostP }),
      },
    ];
  });
}

function lookAt(
  data: CandidateData,
  analysis: CandidateAnalysis,
  { input: { baseline, gates }, adjustedCostP }: Judging,
): Look {
  const { cost, quality, errors, latency, power } = analysis;
  const { candidate, windows, capped, deterministicRegressions } = data;
  const analyses = {
    cost: cost.rounds,
    totalsRatio: cost.unadjusted.totalsRatio,
    costEvidence: cost.evidenceAgainstTarget,
    adjustedCostP,
    quality,
    errors,
    latency,
    deterministicRegressions,
  };
  return {
    fingerprint: data.fingerprint ?? fingerprintOf(data, baseline),
    windowsA: countOf(windows, baseline),
    windowsB: countOf(windows, candidate),
    capped,
    nPairs: analysis.pairs,
    ...(analysis.families === null ? {} : { nFamilies: analysis.families }),
    ciWidth: cost.rounds.ciWidthRel,
    zeroVariance: cost.rounds.status === "zero_variance",
    power: power.power,
    qualityRatio: quality.ratio,
    criteria: judgeCriteria(analyses, gates),
  };
}

interface Judging {
  readonly input: AssessmentInput;
  /** The p-value of the current cost e-value, adjusted for several candidates. */
  readonly adjustedCostP: number | undefined;
}

/**
 * SHA-256 (hex) over the sorted names and values of the windows of complete pairs. Looks at the same
 * data have the same hash. Numbers are rounded first, because their last bits differ between machines.
 */
export function fingerprintOf(
  { windows, candidate }: Pick<CandidateData, "windows" | "candidate">,
  baseline: string,
): string {
  const compared = windows.filter(({ provider }) => [baseline, candidate].includes(provider));
  const pairs = Map.groupBy(compared, ({ feature, replicate }) =>
    JSON.stringify([feature, replicate]),
  );
  const values = [...pairs.values()]
    .filter((pair) => new Set(pair.map(({ provider }) => provider)).size === 2)
    .flat()
    .map(textOf)
    .toSorted(byCodeUnit);
  return canonicalSha256(values);
}

/** Whether the orders of the pairs occur in another ratio than assigned. */
export function isAllocationAlarm({ allocation }: CandidateAnalysis, gates: GateFile): boolean {
  return allocation.logE >= -Math.log(gates.srm_threshold);
}

const texts = new WeakMap<AnalysedWindow, string>();

function textOf(window: AnalysedWindow): string {
  const known = texts.get(window);
  if (known !== undefined) return known;
  const text = JSON.stringify(valuesOf(window));
  texts.set(window, text);
  return text;
}

function valuesOf(window: AnalysedWindow): readonly unknown[] {
  const { feature, replicate, provider, period, cost, quality, errors, requests } = window;
  const numbers = [cost, quality, errors, requests, ...(window.latenciesMs ?? [])];
  return [
    feature,
    replicate,
    provider,
    period,
    ...numbers.map((value) => value?.toPrecision(SIGNIFICANT_DIGITS) ?? null),
  ];
}

function countOf(windows: readonly AnalysedWindow[], provider: string): number {
  return windows.filter((window) => window.provider === provider).length;
}
