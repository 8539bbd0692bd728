/**
 * The statistics of Counterbalance as a library: `counterbalance/statistics`.
 *
 * A is the baseline, B the candidate; a ratio above 1 says that B is cheaper. Every analysis returns
 * a `status` and `null` where the data do not carry a number, never NaN. Every draw takes a seed.
 */
export { StatisticsDomainError } from "./domain-error.ts";
export type { AnalysisStatus } from "./status.ts";
export type { Sequence } from "./sequence.ts";

export { compensatedSum } from "./numerics/compensated-sum.ts";
export { lgamma } from "./numerics/log-gamma.ts";
export { betaReg } from "./numerics/incomplete-beta.ts";
export { betaQuantile } from "./numerics/beta-quantile.ts";
export { tCdf, tPdf, tSf } from "./numerics/student-t.ts";
export { tQuantile } from "./numerics/student-t-quantile.ts";
export { normCdf, normPdf, normSf } from "./numerics/normal.ts";
export { normQuantile } from "./numerics/normal-quantile.ts";
export { chisqQuantile, chisqSf } from "./numerics/chi-square.ts";
export { nctCdf, nctSf } from "./numerics/noncentral-t.ts";

export { summariseArm, type ArmSummary } from "./arm-summary.ts";
export { tInterval, type EstimateWithError, type Interval } from "./t-interval.ts";
export { tTest, type TTest } from "./t-test.ts";
export type { RatioTest } from "./ratio-tests.ts";
export type { Tails } from "./numerics/tails.ts";
export { testEquivalence, type EquivalenceTest, type RatioRange } from "./equivalence-test.ts";
export { fitPeriodAdjusted, type PeriodAdjustedFit } from "./period-adjusted-fit.ts";

export {
  analysePairedLogRatio,
  type PairedLogRatio,
  type PairedLogRatioInput,
} from "./cost/paired-log-ratio.ts";
export { totalsRatio, type PairedCost, type TotalsRatio } from "./cost/totals-ratio.ts";
export {
  analyseCrossover,
  type Crossover,
  type CrossoverInput,
  type PeriodEffect,
  type UnadjustedEffect,
} from "./cost/crossover.ts";
export type { Effect, RatioEffect } from "./cost/crossover-effect.ts";
export type { CrossoverVariance } from "./cost/crossover-variance.ts";
export type { TwoSampleComparison } from "./cost/two-sample.ts";
export type { CrossoverPair, EffectScale } from "./cost/crossover-pairs.ts";
export {
  analyseCrossoverRounds,
  type CrossoverRound,
  type CrossoverRounds,
} from "./cost/crossover-rounds.ts";
export { clusteredError, type ClusteredError } from "./cost/clustered-error.ts";
export { adverseTail, type AdverseTail } from "./cost/adverse-tail.ts";

export {
  analyseQuality,
  type Quality,
  type QualityBets,
  type QualityInput,
} from "./quality/analyse-quality.ts";
export { fiellerInterval, type FiellerInterval } from "./quality/fieller-interval.ts";
export { testContrast, type ContrastTest } from "./quality/contrast-test.ts";
export { signFlipTest, type SignFlipTest } from "./quality/sign-flip-test.ts";
export { signedRankTest, type SignedRankTest } from "./quality/signed-rank-test.ts";
export type { PairedScores } from "./quality/scores.ts";

export {
  compareClusteredErrorRates,
  compareErrorRates,
  type ClusteredErrorRates,
  type ErrorRateComparison,
} from "./errors/compare-error-rates.ts";
export {
  effectiveCounts,
  type EffectiveCounts,
  type ErrorCount,
} from "./errors/effective-counts.ts";
export {
  clopperPearsonInterval,
  newcombeInterval,
  wilsonInterval,
  type Limits,
  type Share,
} from "./errors/share-intervals.ts";
export { scoreInterval, scoreZ, type TwoShares } from "./errors/score-difference.ts";
export { mcnemarTest, type DiscordantTests } from "./errors/mcnemar-test.ts";

export {
  compareLatencies,
  type LatencyComparison,
  type LatencyInput,
} from "./latency/compare-latencies.ts";
export type { FeatureLatencies } from "./latency/requests.ts";
export type { PerFeatureRatio } from "./latency/per-feature-ratio.ts";
export { percentileInterval } from "./latency/percentile-interval.ts";
export { acceleratedInterval, type AcceleratedInterval } from "./latency/accelerated-interval.ts";

export { powerGreater, type PlannedTest } from "./power/power-greater.ts";
export { powerTost, sdFromCv, type PlannedEquivalence } from "./power/power-tost.ts";
export { sdUpperLimit, type EstimatedSpread } from "./power/sd-upper-limit.ts";
export { designSize, splitSize, type DesignSize, type PlannedDesign } from "./power/design-size.ts";
export { sampleSizeGreater, sampleSizeTost, type SampleSize } from "./power/sample-size.ts";
export {
  gatePower,
  type CriterionDesign,
  type GatePower,
  type GatePowerInput,
} from "./power/gate-power.ts";
export {
  DEFAULT_PROJECTION,
  projectPairs,
  type Projection,
  type ProjectionConfig,
  type ProjectionStart,
} from "./power/projection.ts";

export {
  costEProcess,
  type CostEProcess,
  type CostEProcessInput,
  type CostEvidence,
} from "./anytime/cost-e-process.ts";
export { tMixtureLogE, type MixtureEvidence, type MixtureLogE } from "./anytime/t-mixture.ts";
export { tConfidenceSequence, tLowerBound } from "./anytime/t-confidence-sequence.ts";
export { signLogE, type SignCount } from "./anytime/sign-e-process.ts";
export { logWealth, logWealthByPrefix, type BoundedBet } from "./anytime/bounded-mean-bet.ts";
export {
  meanConfidenceSequence,
  ratioLowerBound,
  ratioUpperBound,
} from "./anytime/quality-bounds.ts";
export {
  checkAllocation,
  type AllocationCheck,
  type AllocationCounts,
} from "./anytime/allocation-check.ts";

export {
  analyseArms,
  type ArmContrast,
  type ArmsAnalysis,
  type ArmWindow,
} from "./multi-arm/analyse-arms.ts";
export { bonferroni, holm, pFromLogE } from "./multi-arm/holm.ts";

export { drawIndex, openStream, purposeInCohort, type Rng } from "./randomisation/stream.ts";
export { shuffle } from "./randomisation/shuffle.ts";
export { drawPermutedBlocks } from "./randomisation/permuted-blocks.ts";
export {
  drawAssignment,
  type AssignedUnit,
  type AssignmentInput,
} from "./randomisation/draw-assignment.ts";
export { drawRunOrder, type RunOrderInput } from "./randomisation/run-order.ts";
export { williamsRows } from "./randomisation/williams.ts";
export {
  drawWilliamsAssignment,
  type WilliamsInput,
  type WilliamsUnit,
} from "./randomisation/draw-williams.ts";
export { checkBalance, type StratumBalance } from "./randomisation/check-balance.ts";

export {
  analyseCandidate,
  type AnalysisOptions,
  type ArmReport,
  type CandidateAnalysis,
  type CandidateInput,
} from "./candidate/analyse-candidate.ts";
export type { CandidateCost } from "./candidate/analyse-cost.ts";
export type { AnalysedWindow } from "./candidate/window.ts";
