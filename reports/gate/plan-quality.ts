import type { GateFile } from "../looks/gate-file.ts";
import { findsDrop } from "../looks/judge-criteria.ts";
import { reaches } from "../looks/thresholds.ts";
import { DEFAULT_OPTIONS } from "../statistics/candidate/analyse-candidate.ts";
import { bisect } from "../statistics/numerics/roots.ts";
import { firstIndex } from "../statistics/power/sample-size.ts";
import { analyseQuality, featuresToConfirm } from "../statistics/quality/analyse-quality.ts";

const { bettingGrid: GRID } = DEFAULT_OPTIONS;

/** What a planned number of features can say about quality. */
export interface PlannedQuality {
  /**
   * The smallest drop in the share of solved features that is found with the power that the gates ask
   * for, if the baseline solves all; null if no drop is.
   */
  readonly detectableDrop: number | null;
  /** The fewest features with which the share of quality that must be kept can be confirmed. */
  readonly featuresToConfirm: number | null;
  readonly confirmable: boolean;
}

/**
 * What can be said about quality after so many features? Exact: the baseline solves every feature, and
 * the candidate solves each with the same chance, so only the number of failures matters.
 */
export function planQuality(features: number, gates: GateFile): PlannedQuality {
  const { quality_min: rho, alpha } = gates;
  const more = featuresToConfirm([1 - rho], { rho, alpha, gridK: GRID });
  const fewest = more === null ? null : more + 1;
  return {
    detectableDrop: detectableDrop(features, gates),
    featuresToConfirm: fewest,
    confirmable: fewest !== null && features >= fewest,
  };
}

function detectableDrop(features: number, gates: GateFile): number | null {
  const enough = firstIndex(features, (failures) => {
    const quality = qualityWith(features, failures, gates);
    return quality.dropTestable && findsDrop(quality, gates.alpha);
  });
  if (enough === null) return null;
  const isTooRare = (drop: number) =>
    !reaches(chanceOfAtLeast(enough, { features, chance: drop }), gates.power_min);
  return bisect({ low: 0, high: 1 }, isTooRare);
}

/** The analysis of an experiment in which the candidate fails so many features. */
function qualityWith(features: number, failures: number, gates: GateFile) {
  const a = Array.from({ length: features }, () => 1);
  const b = a.map((_, index) => (index < failures ? 0 : 1));
  return analyseQuality({ a, b, rootSeed: "plan", rho: gates.quality_min, alpha: gates.alpha });
}

/** The chance that a binomial count reaches a number, summed from the largest count. */
function chanceOfAtLeast(
  count: number,
  { features, chance }: { readonly features: number; readonly chance: number },
): number {
  let term = chance ** features;
  let total = 0;
  for (let k = features; k >= count; k -= 1) {
    total += term;
    if (chance === 0) return total;
    term *= ((1 - chance) / chance) * (k / (features - k + 1));
  }
  return total;
}
