import type { FiellerInterval } from "../statistics/quality/fieller-interval.ts";
import type { AnalysedCandidate, Analysis } from "./analyse-windows.ts";
import { say, sayE, sayInterval, sayOr, sayP, sayUnconfirmed, STATUS_REASONS } from "./say.ts";

const ANYTIME_95_ONE_SIDED = "95 % each, one-sided, anytime-valid";

/** What is said about quality. */
export function qualityLines(
  { quality, extraForQuality }: AnalysedCandidate,
  { defaults }: Analysis,
): readonly string[] {
  const { contrastTPeriodAdjusted, contrastT, contrastSignFlip, betting } = quality;
  const contrast = contrastTPeriodAdjusted ?? contrastT;
  const drop = quality.dropTPeriodAdjusted ?? quality.dropT;
  const rho = String(defaults["qualityMin"]);
  return [
    `status ${quality.status}`,
    `ratio: ${sayOr(quality.ratio, quality.meanA === 0 ? "the baseline scores 0" : STATUS_REASONS[quality.status])} ${sayFieller(quality.fieller95)}`,
    `at least ${rho} of the baseline (fixed-n): t ${sayP(contrast?.pGreater)}, sign flips ${sayP(contrastSignFlip?.pGreater)}, signed ranks ${sayP(quality.contrastWilcoxon?.pGreater)}`,
    `any drop (fixed-n): t ${sayP(drop?.pLess)}, sign flips ${sayP(quality.dropSignFlip?.pLess)}${quality.dropTestable ? "" : "; too few features to show one"}`,
    `at any time of looking: ${say(betting.ratioLower)} to ${say(betting.ratioUpper)} (${ANYTIME_95_ONE_SIDED})`,
    `evidence for at least ${rho}: ${sayE(betting.logENonInferior.at(-1))}; for less: ${sayE(betting.logEInferior.at(-1))} (anytime-valid)${sayUnconfirmed(extraForQuality)}`,
  ];
}

function sayFieller(interval: FiellerInterval | null): string {
  if (interval === null) return "(ci=n/a)";
  const { type, lower, upper, excludedFrom, excludedTo } = interval;
  if (type === "unbounded") return "(95 % CI unbounded, Fieller, fixed-n)";
  if (type === "exclusive") {
    return `(95 % CI all but ${say(excludedFrom)} to ${say(excludedTo)}, Fieller, fixed-n)`;
  }
  return sayInterval([lower, upper], { level: 95, validity: "fixed-n" });
}
