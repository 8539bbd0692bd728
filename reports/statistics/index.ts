/**
 * The statistics of Counterbalance as a library: `counterbalance/statistics`.
 *
 * A is the baseline, B the candidate. A cost ratio above 1 says that B is cheaper. Every analysis
 * returns a `status`. A number that the data do not support is `null`, never NaN. Every draw takes a
 * seed.
 */
export { StatisticsDomainError } from "./numerics/domain-error.ts";
export type { AnalysisStatus } from "./core/status.ts";
export type { Sequence } from "./core/sequence.ts";
export { lgamma } from "./numerics/log-gamma.ts";
export { betaReg, betaQuantile } from "./numerics/beta.ts";
export { tCdf, tPdf, tSf, tQuantile } from "./numerics/student-t.ts";
export { normCdf, normPdf, normSf, normQuantile } from "./numerics/normal.ts";
export { chisqQuantile, chisqSf } from "./numerics/chi-square.ts";
export * from "./numerics/noncentral-t.ts";
export type * from "./numerics/tails.ts";
export * from "./core/arm-summary.ts";
export { tInterval, tTest, testEquivalence } from "./core/t-inference.ts";
export type * from "./core/t-inference.ts";
export { fitPeriodAdjusted } from "./core/period-adjusted-fit.ts";
export type * from "./core/period-adjusted-fit.ts";
export * from "./cost/paired-log-ratio.ts";
export { analyseCrossover } from "./cost/crossover.ts";
export type * from "./cost/crossover.ts";
export { analyseCrossoverRounds, clusteredError } from "./cost/crossover-rounds.ts";
export type * from "./cost/crossover-rounds.ts";
export * from "./cost/totals-evidence.ts";
export * from "./cost/adverse-tail.ts";
export { analyseQuality } from "./quality/analyse-quality.ts";
export type * from "./quality/analyse-quality.ts";
export * from "./quality/fieller-interval.ts";
export { testContrast, type ContrastTest, type PairedScores } from "./core/contrast.ts";
export * from "./quality/sign-flip-test.ts";
export * from "./quality/signed-rank-test.ts";
export * from "./errors/compare-error-rates.ts";
export * from "./errors/share-intervals.ts";
export * from "./errors/mcnemar-test.ts";
export * from "./latency/compare-latencies.ts";
export type { FeatureLatencies } from "./latency/weighted-quantile.ts";
export {
  percentileInterval,
  expandedPercentileInterval,
  expandedTail,
  acceleratedInterval,
} from "./latency/bootstrap.ts";
export type * from "./latency/bootstrap.ts";
export * from "./power/power.ts";
export { sampleSizeGreater, sampleSizeTost } from "./power/sample-size.ts";
export type * from "./power/sample-size.ts";
export * from "./power/gate-power.ts";
export * from "./power/projection.ts";
export { costEProcess, signLogE } from "./anytime/cost-e-process.ts";
export type * from "./anytime/cost-e-process.ts";
export * from "./anytime/t-mixture.ts";
export * from "./anytime/bounded-mean-bet.ts";
export * from "./anytime/allocation-check.ts";
export * from "./multi-arm/analyse-arms.ts";
export * from "./multi-arm/holm.ts";
export * from "./randomisation/stream.ts";
export * from "./randomisation/draw-assignment.ts";
export * from "./randomisation/run-order.ts";
export * from "./randomisation/draw-williams.ts";
export { analyseCandidate } from "./candidate/analyse-candidate.ts";
export type * from "./candidate/analyse-candidate.ts";
export type * from "./candidate/window.ts";
