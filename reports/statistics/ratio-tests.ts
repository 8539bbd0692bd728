import type { EstimateWithError } from "./t-interval.ts";
import { tTest } from "./t-test.ts";

/** A one-sided test of a ratio against `theta0`, in both directions. */
export interface RatioTest {
  readonly theta0: number;
  readonly t: number | null;
  readonly pGreater: number;
  readonly pLess: number;
}

/** Tests a log ratio against each ratio of `thetas`. */
export function testRatios(
  logRatio: EstimateWithError,
  thetas: readonly number[],
): readonly RatioTest[] {
  return thetas.map((theta0) => {
    const { t, pGreater, pLess } = tTest(logRatio, Math.log(theta0));
    return { theta0, t, pGreater, pLess };
  });
}
