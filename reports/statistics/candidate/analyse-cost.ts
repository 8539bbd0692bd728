import { costEProcess, type CostEProcess } from "../anytime/cost-e-process.ts";
import { adverseTail, type AdverseTail } from "../cost/adverse-tail.ts";
import { analyseCrossoverRounds, type CrossoverRounds } from "../cost/crossover-rounds.ts";
import { analyseCrossover, type Crossover } from "../cost/crossover.ts";
import { analysePairedLogRatio, type PairedLogRatio } from "../cost/paired-log-ratio.ts";
import { fitPrefixes } from "../prefix-fits.ts";
import { logRatiosByFeature } from "./feature-values.ts";
import type { FeaturePairs, WindowPair } from "./match-pairs.ts";

/** Thresholds of the cost analysis. */
export interface CostOptions {
  /** How many times cheaper the candidate must be. */
  readonly costTarget: number;
  /** One-sided. */
  readonly alpha: number;
  /** Prior precision of the e-process. */
  readonly g: number;
}

/** Everything said about the cost of one candidate against the baseline. */
export interface CandidateCost {
  /** The cross-over where every feature has one pair, else null. */
  readonly crossover: Crossover | null;
  /** The cross-over over feature means: the primary analysis with replicates. */
  readonly rounds: CrossoverRounds;
  /** Not adjusted for period, with the ratio of totals; over pairs. */
  readonly unadjusted: PairedLogRatio;
  readonly adverse: AdverseTail;
  /** Evidence against "no cheaper". */
  readonly evidenceAgainst1: CostEProcess;
  /** Evidence against "not cheaper than the target". */
  readonly evidenceAgainstTarget: CostEProcess;
}

/**
 * Cost as the report shows it. `prefix` are the features of the longest prefix of the schedule whose
 * pairs are all resolved: evidence that holds at every look may use no others.
 */
export function analyseCost(
  features: readonly FeaturePairs[],
  prefix: readonly FeaturePairs[],
  { costTarget, alpha, g }: CostOptions,
): CandidateCost {
  const nulls = [...new Set([1, 2, costTarget])];
  const pairs = features.flatMap((own) => own.pairs);
  const ratios = logRatiosByFeature(prefix);
  const inSchedule = { ...ratios, fits: fitPrefixes(ratios.d, ratios.z), g, alpha };
  return {
    crossover: features.every((own) => own.pairs.length === 1)
      ? analyseCrossover({ pairs: pairs.map(toCrossoverPair), nulls })
      : null,
    rounds: analyseCrossoverRounds({ rows: pairs.map(toRound), nulls }),
    unadjusted: analysePairedLogRatio({
      a: pairs.map(({ a }) => a.cost),
      b: pairs.map(({ b }) => b.cost),
      nulls,
    }),
    adverse: adverseTail(logRatiosByFeature(features).d),
    evidenceAgainst1: costEProcess({ ...inSchedule, null: 1 }),
    evidenceAgainstTarget: costEProcess({ ...inSchedule, null: costTarget }),
  };
}

function toCrossoverPair({ sequence, a, b }: WindowPair) {
  const [first, second] = sequence === "AB" ? [a, b] : [b, a];
  return { feature: a.feature, sequence, period1: first.cost, period2: second.cost };
}

function toRound({ sequence, a, b }: WindowPair) {
  const { feature, replicate: round } = a;
  return { feature, round, sequence, costA: a.cost, costB: b.cost };
}
