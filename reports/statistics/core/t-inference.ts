import { mean, sumNthPowerDeviations } from "simple-statistics";

import { tCdf, tQuantile, tSf } from "../numerics/student-t.ts";
import { zeroIfNoise } from "./spread.ts";
import { noneOf, type Figures } from "./status.ts";

const RELATIVE_EQUAL = 1e-12;

/** An estimate with its standard error on `df` degrees of freedom. */
export interface EstimateWithError {
  readonly estimate: number;
  readonly se: number;
  readonly df: number;
}

/** Two limits, lower first. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The two-sided t interval for an estimate: the values a t test at 1 − level would not reject.
 *
 * Assumes a normally distributed estimate whose squared standard error is an independent chi-square
 * on `df` degrees of freedom.
 *
 * @example
 * tInterval({ estimate: 1, se: 0.1, df: 10 }, 0.95); // 0.7771861148…, 1.2228138851…
 */
export function tInterval({ estimate, se, df }: EstimateWithError, level: number): Interval {
  const half = halfWidth({ se, df }, level);
  return { lower: estimate - half, upper: estimate + half };
}

/**
 * How wide the t interval of a log ratio is on the ratio scale, relative to the ratio itself:
 * (upper − lower) / ratio.
 *
 * @example
 * relativeWidth({ se: 0.1, df: 10 }, 0.95); // 0.4493…
 */
export function relativeWidth(error: Omit<EstimateWithError, "estimate">, level = 0.95): number {
  return 2 * Math.sinh(halfWidth(error, level));
}

function halfWidth({ se, df }: Omit<EstimateWithError, "estimate">, level: number): number {
  return se === 0 ? 0 : tQuantile(1 - (1 - level) / 2, df) * se;
}

/** What a t test says; `t` is null if the standard error is 0. */
export interface TTest {
  readonly t: number | null;
  /** The p-value against "not greater than the null value". */
  readonly pGreater: number;
  /** The p-value against "not less than the null value". */
  readonly pLess: number;
  readonly pTwoSided: number;
}

/**
 * The t test of an estimate against one null value, in all three directions.
 *
 * Without any variance the answer is certain: p is 0 in the direction in which the estimate lies
 * and 1 elsewhere; values at most 1e-12 apart count as equal.
 *
 * @example
 * tTest({ estimate: 1, se: 0.5, df: 10 }, 0).pTwoSided; // 0.07338803477074035
 */
export function tTest({ estimate, se, df }: EstimateWithError, nullValue: number): TTest {
  if (se === 0) return certainTest(estimate, nullValue);
  const t = (estimate - nullValue) / se;
  return { t, pGreater: tSf(t, df), pLess: tCdf(t, df), pTwoSided: 2 * tSf(Math.abs(t), df) };
}

function certainTest(estimate: number, nullValue: number): TTest {
  const difference = differenceBeyondRounding(estimate, nullValue);
  return {
    t: null,
    pGreater: difference > 0 ? 0 : 1,
    pLess: difference < 0 ? 0 : 1,
    pTwoSided: difference === 0 ? 1 : 0,
  };
}

/** a − b, or exactly 0 if both are equal but for rounding. */
export function differenceBeyondRounding(a: number, b: number): number {
  const scale = Math.max(1, Math.abs(a), Math.abs(b));
  return Math.abs(a - b) <= RELATIVE_EQUAL * scale ? 0 : a - b;
}

/** A one-sided test of a ratio against `theta0`, in both directions. */
export interface RatioTest {
  readonly theta0: number;
  readonly t: number | null;
  readonly pGreater: number;
  readonly pLess: number;
}

/** Tests a log ratio against each ratio of `thetas`. */
function testRatios(logRatio: EstimateWithError, thetas: readonly number[]): readonly RatioTest[] {
  return thetas.map((theta0) => {
    const { t, pGreater, pLess } = tTest(logRatio, Math.log(theta0));
    return { theta0, t, pGreater, pLess };
  });
}

/** A range of ratios, on the ratio scale. */
export interface RatioRange {
  readonly lower: number;
  readonly upper: number;
}

/** Two one-sided t tests against the two ends of a range of ratios. */
export interface EquivalenceTest extends RatioRange {
  readonly tLower: number | null;
  readonly tUpper: number | null;
  readonly pLower: number;
  readonly pUpper: number;
  /** The larger of both; equivalent at alpha exactly when it is at most alpha. */
  readonly p: number;
}

/**
 * Are two costs the same for practical purposes? Two one-sided tests (TOST) that the true ratio lies
 * above `lower` and below `upper`; the estimate is a log ratio.
 *
 * Source: Schuirmann, J Pharmacokin Biopharm 1987;15:657.
 *
 * @example
 * testEquivalence({ estimate: 0, se: 0.05, df: 10 }, { lower: 0.8, upper: 1.25 }).p; // 0.00060…
 */
export function testEquivalence(
  logRatio: EstimateWithError,
  { lower, upper }: RatioRange,
): EquivalenceTest {
  const above = tTest(logRatio, Math.log(lower));
  const below = tTest(logRatio, Math.log(upper));
  return {
    lower,
    upper,
    tLower: above.t,
    tUpper: below.t,
    pLower: above.pGreater,
    pUpper: below.pLess,
    p: Math.max(above.pGreater, below.pLess),
  };
}

interface KnownEffect {
  readonly se: number;
  readonly t: number | null;
  readonly pTwoSided: number;
  readonly ci95Lower: number;
  readonly ci95Upper: number;
}

/** An effect with its t test against 0 and its 95 % interval; `null`: not available. */
export type Effect = { readonly [Field in keyof KnownEffect]: KnownEffect[Field] | null };

/** No effect known. */
export const NO_EFFECT: Effect = noneOf("se", "t", "pTwoSided", "ci95Lower", "ci95Upper");

/** The t test against 0 and the 95 % interval of an effect. */
export function describeEffect(effect: EstimateWithError): KnownEffect {
  const { lower, upper } = tInterval(effect, 0.95);
  const { t, pTwoSided } = tTest(effect, 0);
  return { se: effect.se, t, pTwoSided, ci95Lower: lower, ci95Upper: upper };
}

/** A log effect read as a ratio; `null`: not available. */
export interface RatioEffect extends Figures<
  "ratio" | "ratioCi95Lower" | "ratioCi95Upper" | "ratioCi90Lower" | "ratioCi90Upper"
> {
  /** Width of the 95 % interval relative to the ratio. */
  readonly ciWidthRel: number | null;
  readonly nullTests: readonly RatioTest[];
  readonly tost: EquivalenceTest | null;
}

/** No ratio known. */
export const NO_RATIO: RatioEffect = {
  ...noneOf("ratio", "ratioCi95Lower", "ratioCi95Upper", "ratioCi90Lower", "ratioCi90Upper"),
  ciWidthRel: null,
  nullTests: [],
  tost: null,
};

/** A log effect as a ratio with its intervals, tests and equivalence to within 0.8–1.25. */
export function describeRatio(effect: EstimateWithError, nulls: readonly number[]): RatioEffect {
  const ci95 = tInterval(effect, 0.95);
  const ci90 = tInterval(effect, 0.9);
  return {
    ratio: Math.exp(effect.estimate),
    ratioCi95Lower: Math.exp(ci95.lower),
    ratioCi95Upper: Math.exp(ci95.upper),
    ratioCi90Lower: Math.exp(ci90.lower),
    ratioCi90Upper: Math.exp(ci90.upper),
    ciWidthRel: relativeWidth(effect),
    nullTests: testRatios(effect, nulls),
    tost: testEquivalence(effect, { lower: 0.8, upper: 1.25 }),
  };
}

/** The effect of A over B with its intervals at 95 and 90 %; `null`: not available. */
export interface TreatmentEffect
  extends Effect, RatioEffect, Figures<"estimate" | "df" | "ci90Lower" | "ci90Upper"> {
  /** The number of pairs a balanced design would need for the same precision. */
  readonly nEff: number | null;
}

/** Everything about an effect; ratios only for a log effect, for which `nulls` are given. */
export function describeTreatment(effect: EstimateWithError, nulls: readonly number[] | null) {
  const { lower, upper } = tInterval(effect, 0.9);
  const ratio = nulls === null ? NO_RATIO : describeRatio(effect, nulls);
  return { ...describeEffect(effect), ci90Lower: lower, ci90Upper: upper, ...ratio };
}

/** A difference between two groups of features. */
export interface TwoSampleComparison extends KnownEffect {
  readonly estimate: number;
  readonly df: number;
  /** The pooled standard deviation within the groups. */
  readonly sd: number;
}

/**
 * Do two separate groups differ in their mean? The pooled two-sample t comparison; null unless both
 * groups have a value and there are three in all.
 *
 * Assumes normal values with one variance in both groups.
 *
 * @example
 * compareTwoSamples([1, 2, 3], [2, 3, 4])?.t; // −1.2247448713915892
 */
export function compareTwoSamples(
  first: readonly number[],
  second: readonly number[],
): TwoSampleComparison | null {
  const df = first.length + second.length - 2;
  if (first.length === 0 || second.length === 0 || df < 1) return null;
  const estimate = mean(first) - mean(second);
  const squares = sumNthPowerDeviations(first, 2) + sumNthPowerDeviations(second, 2);
  const sd = zeroIfNoise(Math.sqrt(squares / df), [...first, ...second]);
  const se = sd * Math.sqrt(1 / first.length + 1 / second.length);
  return { estimate, df, sd, ...describeEffect({ estimate, se, df }) };
}
