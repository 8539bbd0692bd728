import type { LookFigures } from "../decisions/look-figures.ts";
import type { GateReport } from "./gate-report.ts";
import { say, sayE, sayInterval, sayP, sayUnconfirmed } from "./say.ts";

const FIXED_95 = { level: 95, validity: "fixed-n" } as const;
const FIXED_90 = { level: 90, validity: "fixed-n" } as const;
const ANYTIME_95 = { level: 95, validity: "anytime-valid" } as const;

type Thresholds = GateReport["gates"]["thresholds"];

/** The numbers behind a look, each interval with its level and when it holds; none before the first. */
export function figureLines(
  figures: LookFigures | null,
  thresholds: Thresholds,
): readonly string[] {
  if (figures === null) return [];
  return [
    `Pairs: ${count(figures.pairsAB)} baseline first, ${count(figures.pairsBA)} candidate first; incomplete: ${count(figures.missingPeriod1)} without period 1, ${count(figures.missingPeriod2)} without period 2`,
    ...costLines(figures, thresholds),
    ...qualityLines(figures, thresholds),
    `Errors: ${say(figures.errorDifference)} more ${sayInterval(figures.errorDifferenceCi95, FIXED_95)}; decides ${sayInterval(figures.errorDifferenceCi90, FIXED_90)}; design effects ${say(figures.errorDesignEffectA)} and ${say(figures.errorDesignEffectB)}`,
    `p95 latency: ${say(figures.latencyRatio)} times the baseline's ${sayInterval(figures.latencyRatioCi90, FIXED_90)}`,
    `Power: ${say(figures.power)}, at the upper limit of the spread ${say(figures.powerConservative)}`,
    `Orders as assigned: ${sayP(figures.allocationP)}, ${sayE(figures.allocationLogE)}`,
  ];
}

function costLines(figures: LookFigures, { cost_target }: Thresholds): readonly string[] {
  return [
    `Cost ratio: ${say(figures.costRatio)} ${sayInterval(figures.costRatioCi95, FIXED_95)}, ${sayInterval(figures.costRatioCs95, ANYTIME_95)}`,
    `  of totals ${say(figures.totalsRatio)} ${sayInterval(figures.totalsRatioCi95, FIXED_95)}; no cheaper in ${count(figures.adversePairs)} features, share at most ${say(figures.adverseShareUpper95)} (95 % one-sided, fixed-n)`,
    `  evidence above 1 ${sayE(figures.logE1)}, above ${cost_target} ${sayE(figures.logETarget)}, by signs ${sayE(figures.logESign)} (anytime-valid)`,
    `  order effect ${say(figures.orderEffect)}, ${sayP(figures.orderEffectP)}; carry-over (log scale, reported only) ${say(figures.carryover)}, ${sayP(figures.carryoverP)}`,
  ];
}

function qualityLines(figures: LookFigures, { quality_min }: Thresholds): readonly string[] {
  return [
    `Quality: ${say(figures.qualityRatio)} of the baseline's ${sayInterval(figures.qualityRatioCi95, FIXED_95)}`,
    `  at least ${quality_min}: t ${sayP(figures.qualityKeptP)}, sign flips ${sayP(figures.qualityKeptSignFlipP)}; any drop: t ${sayP(figures.qualityDropP)}, sign flips ${sayP(figures.qualityDropSignFlipP)} (fixed-n)`,
    `  evidence for at least ${quality_min} ${sayE(figures.logEQuality)} (anytime-valid)${sayUnconfirmed(figures.extraForQuality)}`,
  ];
}

function count(value: number | null): string {
  return value === null ? "n/a" : String(value);
}
