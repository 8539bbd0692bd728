/**
 * The statistics of Counterbalance as a library: `counterbalance/statistics`.
 *
 * A is the baseline, B the candidate. A cost ratio above 1 says that B is cheaper. Every analysis
 * returns a `status`. A number that the data do not support is `null`, never NaN. Every draw takes a
 * seed.
 */
export { StatisticsDomainError } from "./domain-error.ts";
export type { AnalysisStatus } from "./status.ts";
export type { Sequence } from "./sequence.ts";
export { lgamma } from "./numerics/log-gamma.ts";
export { betaReg, betaQuantile } from "./numerics/beta.ts";
export { tCdf, tPdf, tSf, tQuantile } from "./numerics/student-t.ts";
export { normCdf, normPdf, normSf, normQuantile } from "./numerics/normal.ts";
export { chisqQuantile, chisqSf } from "./numerics/chi-square.ts";
export { nctCdf, nctSf } from "./numerics/noncentral-t.ts";
export { summariseArm, type ArmSummary } from "./arm-summary.ts";
export {
  tInterval,
  tTest,
  testEquivalence,
  type EstimateWithError,
  type Interval,
  type TTest,
  type RatioTest,
  type EquivalenceTest,
  type RatioRange,
  type Effect,
  type RatioEffect,
  type TwoSampleComparison,
} from "./t-inference.ts";
export type { Tails } from "./numerics/tails.ts";
export {
  fitPeriodAdjusted,
  type MixtureEvidence,
  type PeriodAdjustedFit,
} from "./period-adjusted-fit.ts";
export {
  analysePairedLogRatio,
  totalsRatio,
  type PairedLogRatio,
  type PairedLogRatioInput,
  type PairedCost,
  type TotalsRatio,
} from "./cost/paired-log-ratio.ts";
export {
  analyseCrossover,
  type Crossover,
  type CrossoverInput,
  type PeriodEffect,
  type UnadjustedEffect,
  type CrossoverVariance,
  type CrossoverPair,
  type EffectScale,
} from "./cost/crossover.ts";
export {
  analyseCrossoverRounds,
  clusteredError,
  type CrossoverRound,
  type CrossoverRounds,
  type ClusteredError,
} from "./cost/crossover-rounds.ts";
export { adverseTail, type AdverseTail } from "./cost/adverse-tail.ts";
export {
  analyseQuality,
  type Quality,
  type QualityBets,
  type QualityInput,
} from "./quality/analyse-quality.ts";
export { fiellerInterval, type FiellerInterval } from "./quality/fieller-interval.ts";
export { testContrast, type ContrastTest, type PairedScores } from "./quality/contrast.ts";
export { signFlipTest, type SignFlipTest } from "./quality/sign-flip-test.ts";
export { signedRankTest, type SignedRankTest } from "./quality/signed-rank-test.ts";
export {
  compareClusteredErrorRates,
  compareErrorRates,
  effectiveCounts,
  type ClusteredErrorRates,
  type ErrorRateComparison,
  type EffectiveCounts,
  type ErrorCount,
} from "./errors/compare-error-rates.ts";
export {
  clopperPearsonInterval,
  newcombeInterval,
  wilsonInterval,
  scoreInterval,
  scoreZ,
  type Limits,
  type Share,
  type TwoShares,
} from "./errors/share-intervals.ts";
export { mcnemarTest, type DiscordantTests } from "./errors/mcnemar-test.ts";
export {
  compareLatencies,
  type LatencyComparison,
  type LatencyInput,
  type PerFeatureRatio,
} from "./latency/compare-latencies.ts";
export type { FeatureLatencies } from "./latency/weighted-quantile.ts";
export {
  percentileInterval,
  acceleratedInterval,
  type AcceleratedInterval,
} from "./latency/bootstrap.ts";
export {
  powerGreater,
  powerTost,
  sdFromCv,
  sdUpperLimit,
  designSize,
  splitSize,
  type PlannedTest,
  type PlannedEquivalence,
  type EstimatedSpread,
  type DesignSize,
  type PlannedDesign,
} from "./power/power.ts";
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
  signLogE,
  type CostEProcess,
  type CostEProcessInput,
  type CostEvidence,
  type SignCount,
} from "./anytime/cost-e-process.ts";
export {
  tMixtureLogE,
  tConfidenceSequence,
  tLowerBound,
  type MixtureLogE,
} from "./anytime/t-mixture.ts";
export {
  logWealth,
  logWealthByPrefix,
  meanConfidenceSequence,
  ratioLowerBound,
  ratioUpperBound,
  type BoundedBet,
} from "./anytime/bounded-mean-bet.ts";
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
export {
  drawIndex,
  openStream,
  purposeInCohort,
  shuffle,
  type Rng,
} from "./randomisation/stream.ts";
export {
  drawPermutedBlocks,
  drawAssignment,
  checkBalance,
  type AssignedPair,
  type AssignmentInput,
  type StratumBalance,
} from "./randomisation/draw-assignment.ts";
export { drawRunOrder, type RunOrderInput } from "./randomisation/run-order.ts";
export {
  williamsRows,
  drawWilliamsAssignment,
  type WilliamsInput,
  type WilliamsSet,
} from "./randomisation/draw-williams.ts";
export {
  analyseCandidate,
  type AnalysisOptions,
  type ArmReport,
  type CandidateAnalysis,
  type CandidateCost,
  type CandidateInput,
} from "./candidate/analyse-candidate.ts";
export type { AnalysedWindow } from "./candidate/window.ts";
