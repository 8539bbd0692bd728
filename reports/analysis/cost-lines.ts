import type { Crossover } from "../statistics/cost/crossover.ts";
import type { AnalysedCandidate, Analysis } from "./analyse-windows.ts";
import { say, sayE, sayInterval, sayOr, sayP, STATUS_REASONS } from "./say.ts";

const FIXED_95 = { level: 95, validity: "fixed-n" } as const;
const ANYTIME_95 = { level: 95, validity: "anytime-valid" } as const;

/** What is said about cost. */
export function costLines({ cost }: AnalysedCandidate, { defaults }: Analysis): readonly string[] {
  const { rounds, unadjusted, adverse } = cost;
  const reason = STATUS_REASONS[rounds.status];
  const ratio = rounds.ratio ?? (rounds.estimate === null ? null : Math.exp(rounds.estimate));
  const tests = rounds.nullTests.map(
    ({ theta0, pGreater, pLess }) => `above ${theta0}: ${sayP(pGreater)}, below: ${sayP(pLess)}`,
  );
  return [
    `status ${rounds.status}`,
    `ratio, adjusted for order: ${sayOr(ratio, reason)} ${sayInterval([rounds.ratioCi95Lower, rounds.ratioCi95Upper], FIXED_95)}, relative width ${say(rounds.ciWidthRel)}`,
    `one-sided tests (fixed-n): ${tests.join("; ") || `n/a (${reason})`}`,
    `equivalent within 0.8 to 1.25 (fixed-n): ${sayP(rounds.tost?.p)}`,
    `ratio, not adjusted: ${sayOr(unadjusted.gmr, STATUS_REASONS[unadjusted.status])} ${sayInterval([unadjusted.ci95Lower, unadjusted.ci95Upper], FIXED_95)}`,
    `ratio of totals: ${sayOr(unadjusted.totalsRatio, STATUS_REASONS[unadjusted.status])} ${sayInterval([unadjusted.totalsCi95Lower, unadjusted.totalsCi95Upper], FIXED_95)}`,
    `no cheaper: ${adverse.adversePairs} of ${adverse.n}; share at most ${say(adverse.shareUpper95)} (95 % one-sided, fixed-n)`,
    ...anytimeLines(cost, String(defaults["costTarget"])),
    ...orderLines(cost),
  ];
}

function anytimeLines(cost: AnalysedCandidate["cost"], target: string): readonly string[] {
  const { evidenceAgainst1, evidenceAgainstTarget } = cost;
  const final = evidenceAgainst1.final;
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
  const { period, periodEffect } = rounds;
  const limits = [expOf(periodEffect.ci95Lower), expOf(periodEffect.ci95Upper)] as const;
  const reason =
    period === null && rounds.status === "ok" ? BALANCED : STATUS_REASONS[rounds.status];
  return [
    `order effect, period 1 ÷ period 2: ${sayOr(expOf(period), reason)} ${sayInterval(limits, FIXED_95)}, ${sayP(periodEffect.pTwoSided)}`,
    ...(crossover === null ? [NO_CARRYOVER] : carryoverLines(crossover)),
  ];
}

const BALANCED = "every feature was run in both orders";
const NO_CARRYOVER = "carry-over: n/a (features were run in several replicates)";

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
