import { canonicalSha256 } from "../../ledger/domain/canonical-json.ts";
import {
  analyseCandidate,
  type CandidateAnalysis,
} from "../statistics/candidate/analyse-candidate.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { holm, pFromLogE } from "../statistics/multi-arm/holm.ts";
import { byCodeUnit } from "../statistics/randomisation/code-unit-order.ts";
import { limitsOf, optionsOf, type GateFile } from "./gate-file.ts";
import { lookFromAnalysis } from "./look-from-analysis.ts";
import type { Look } from "./look.ts";

const SIGNIFICANT_DIGITS = 12;

/** One candidate's data as they stand at a look. */
export interface CandidateData {
  readonly candidate: string;
  /** Valid windows of the baseline and of the candidate. */
  readonly windows: readonly AnalysedWindow[];
  /** Features in schedule order. */
  readonly schedule?: readonly string[] | undefined;
  /** Features some of whose pairs may still come. */
  readonly unresolved?: readonly string[];
  readonly capped: boolean;
  readonly deterministicRegressions: number;
  /** What {@link fingerprintOf} says of the windows, where it is known. */
  readonly fingerprint?: string;
}

/** What is asked of all candidates alike. */
export interface AssessmentInput {
  readonly baseline: string;
  readonly rootSeed: string;
  readonly gates: GateFile;
  readonly candidates: readonly CandidateData[];
}

/** A candidate's statistics and what the gates read of them. */
export interface AssessedCandidate {
  readonly candidate: string;
  readonly analysis: CandidateAnalysis;
  readonly look: Look;
}

/**
 * Analyses every candidate against the baseline and judges the criteria. With several candidates
 * the evidence on cost is adjusted by Holm, so that one more candidate is not one more chance.
 */
export function assessCandidates(input: AssessmentInput): readonly AssessedCandidate[] {
  const { baseline, rootSeed, gates, candidates } = input;
  const analyses = candidates.map((data) =>
    analyseCandidate({ ...data, baseline, rootSeed, options: optionsOf(gates) }),
  );
  const adjusted = holm(
    analyses.map(({ cost }) => pFromLogE(cost.evidenceAgainstTarget.logEGreater.at(-1) ?? 0)),
  );
  return candidates.flatMap((data, index) => {
    const analysis = analyses[index];
    if (analysis === undefined) return [];
    const adjustedCostP = candidates.length > 1 ? adjusted[index] : undefined;
    const look = lookFromAnalysis(
      analysis,
      {
        fingerprint: data.fingerprint ?? fingerprintOf(data, baseline),
        windowsA: countOf(data.windows, baseline),
        windowsB: countOf(data.windows, data.candidate),
        capped: data.capped,
        deterministicRegressions: data.deterministicRegressions,
        ...(adjustedCostP === undefined ? {} : { adjustedCostP }),
      },
      limitsOf(gates),
    );
    return [{ candidate: data.candidate, analysis, look }];
  });
}

/**
 * SHA-256 (hex) over the sorted names and values of the windows of complete pairs: looks at the same
 * data have the same one. Numbers are rounded first, since the last bits differ between machines.
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
