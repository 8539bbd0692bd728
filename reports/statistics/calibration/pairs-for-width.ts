import { tQuantile } from "../numerics/student-t-quantile.ts";
import { designSize } from "../power/design-size.ts";
import { firstIndex } from "../power/sample-size.ts";

const FEWEST = 4;
const MOST = 5000;

/**
 * How many pairs until the 95 % interval of the cost ratio is that narrow, for a given standard
 * deviation of the log ratios? Null where 5000 do not do.
 *
 * @example
 * pairsForWidth(0.3, 0.3); // 19
 */
export function pairsForWidth(sd: number, widthMax: number): number | null {
  const found = firstIndex(MOST - FEWEST, (index) => {
    const { nEff, df } = designSize("crossover", FEWEST + index);
    return 2 * Math.sinh((tQuantile(0.975, df) * sd) / Math.sqrt(nEff)) <= widthMax;
  });
  return found === null ? null : FEWEST + found;
}
