import { mean } from "simple-statistics";

import { logWealth } from "../anytime/bounded-mean-bet.ts";
import { featuresToConfirm } from "../quality/analyse-quality.ts";
import type { PairedCost } from "./paired-log-ratio.ts";

/** What the evidence on totals is computed from. */
export interface TotalsEvidenceInput {
  /** Costs by unit, by feature of the unit, and by pair of the feature. */
  readonly units: readonly (readonly (readonly PairedCost[])[])[];
  /** What no window can cost more than. */
  readonly cap: number;
  /** How many times cheaper the candidate must be. */
  readonly target: number;
  readonly alpha: number;
  readonly gridK: number;
}

/**
 * How strongly do the data speak against "in all, the baseline costs at most `target` times as
 * much"? The bet on bounded means for X = (A − target·B + target·cap) / ((1 + target)·cap), which
 * lies between 0 and 1 and has a mean of at most target / (1 + target) under that hypothesis.
 *
 * Holds for any distribution and at any time of looking, rare ruin included: that is why it needs
 * many units if the cap lies far above the usual cost. Null if a window cost more than the cap.
 *
 * Source: Waudby-Smith & Ramdas, JRSS B 2024;86:1.
 *
 * @example
 * totalsEvidence({ units: [[[{ a: 90, b: 30 }]]], cap: 120, target: 2, alpha: 0.05, gridK: 20 })?.logE; // 0.0819…
 */
export function totalsEvidence({ units, cap, target, alpha, gridK }: TotalsEvidenceInput) {
  if (units.flat(2).some(({ a, b }) => Math.max(a, b) > cap)) return null;
  const rho = target / (1 + target);
  const shareOf = ({ a, b }: PairedCost) => (a - target * b + target * cap) / ((1 + target) * cap);
  const excesses = units.map((unit) => mean(unit.map((pairs) => mean(pairs.map(shareOf)))) - rho);
  return {
    /** The log e-value. */
    logE: logWealth(excesses, { bound: rho, grid: gridK }),
    /** Units until it confirms, if each further one is as these are; null if 500 are not enough. */
    extra: featuresToConfirm(excesses, { rho, alpha, gridK }),
  };
}
