import { testEquivalence, type EquivalenceTest } from "../equivalence-test.ts";
import { testRatios, type RatioTest } from "../ratio-tests.ts";
import { tInterval, type EstimateWithError } from "../t-interval.ts";
import { tTest } from "../t-test.ts";

/** An effect with its t test against 0 and its two intervals; `null`: not available. */
export interface Effect {
  readonly se: number | null;
  readonly t: number | null;
  readonly pTwoSided: number | null;
  readonly ci95Lower: number | null;
  readonly ci95Upper: number | null;
}

/** A log effect read as a ratio. */
export interface RatioEffect {
  readonly ratio: number | null;
  readonly ratioCi95Lower: number | null;
  readonly ratioCi95Upper: number | null;
  readonly ratioCi90Lower: number | null;
  readonly ratioCi90Upper: number | null;
  /** Width of the 95 % interval relative to the ratio. */
  readonly ciWidthRel: number | null;
  readonly nullTests: readonly RatioTest[];
  readonly tost: EquivalenceTest | null;
}

/** No effect known. */
export const NO_EFFECT: Effect = {
  se: null,
  t: null,
  pTwoSided: null,
  ci95Lower: null,
  ci95Upper: null,
};

/** No ratio known. */
export const NO_RATIO: RatioEffect = {
  ratio: null,
  ratioCi95Lower: null,
  ratioCi95Upper: null,
  ratioCi90Lower: null,
  ratioCi90Upper: null,
  ciWidthRel: null,
  nullTests: [],
  tost: null,
};

/** The t test against 0 and the 95 % interval of an effect. */
export function describeEffect(effect: EstimateWithError): Effect {
  const { lower, upper } = tInterval(effect, 0.95);
  const { t, pTwoSided } = tTest(effect, 0);
  return { se: effect.se, t, pTwoSided, ci95Lower: lower, ci95Upper: upper };
}

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
    ciWidthRel: 2 * Math.sinh((ci95.upper - ci95.lower) / 2),
    nullTests: testRatios(effect, nulls),
    tost: testEquivalence(effect, { lower: 0.8, upper: 1.25 }),
  };
}
