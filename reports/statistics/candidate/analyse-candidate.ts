import { sum } from "simple-statistics";

import { checkAllocation } from "../anytime/allocation-check.ts";
import { ratioLowerBound, ratioUpperBound } from "../anytime/bounded-mean-bet.ts";
import { costEProcess, costMemory, type CostMemory } from "../anytime/cost-e-process.ts";
import { summariseArm } from "../core/arm-summary.ts";
import { contrastsOf } from "../core/contrast.ts";
import { fitMean, fitPeriodAdjusted } from "../core/period-adjusted-fit.ts";
import type { Possible } from "../core/status.ts";
import { adverseTail } from "../cost/adverse-tail.ts";
import { analyseCrossoverRounds, type CrossoverRound, unitKey } from "../cost/crossover-rounds.ts";
import { analyseCrossover, type Crossover } from "../cost/crossover.ts";
import { intraclassCorrelation } from "../cost/intraclass-correlation.ts";
import { analysePairedLogRatio, type PairedCost } from "../cost/paired-log-ratio.ts";
import { totalsEvidence } from "../cost/totals-evidence.ts";
import { compareClusteredErrorRates } from "../errors/compare-error-rates.ts";
import { compareLatencies, type LatencyMemory } from "../latency/compare-latencies.ts";
import { gatePower, type CriterionDesign } from "../power/gate-power.ts";
import { detectableEffect, sdUpperLimit } from "../power/power.ts";
import { DEFAULT_PROJECTION, projectPairs, type Projection } from "../power/projection.ts";
import {
  analyseQuality,
  featuresToConfirm,
  qualityMemory,
  type QualityMemory,
} from "../quality/analyse-quality.ts";
import {
  groupUnits,
  matchPairs,
  type FeaturePairs,
  type MatchInput,
  type Unit,
  type WindowPair,
} from "./match-pairs.ts";
import {
  carryoverWithin,
  errorsByUnit,
  latenciesByUnit,
  logRatiosByUnit,
  qualityByUnit,
  type UnitScores,
} from "./unit-values.ts";
import type { AnalysedWindow } from "./window.ts";

/** The defaults of the statistical specification. */
export const DEFAULT_OPTIONS = {
  /** One-sided. */
  alpha: 0.05,
  /** How many times cheaper the candidate must be. */
  costTarget: 2,
  /** The share of the baseline's quality that must be kept. */
  qualityMin: 0.8,
  /** By how much the error rate may be higher. */
  errorMargin: 0.02,
  bootstrapReplicates: 1999,
  /** Stakes mixed by the bets on quality. */
  bettingGrid: 20,
  /** Precision of the prior of the cost's e-process. */
  priorPrecision: 1,
  minPairs: 3,
  /** Largest width of the 95 % interval of the cost ratio, relative to the ratio. */
  ciWidthMax: 0.3,
  powerMin: 0.8,
};

/** The settings of an analysis. */
export type AnalysisOptions = Readonly<Record<keyof typeof DEFAULT_OPTIONS, number>>;

/** The streams of random numbers that an analysis draws from. */
export const ANALYSIS_STREAMS: readonly string[] = ["permutation|quality", "bootstrap|latency_p95"];

/** One candidate against the baseline. */
export interface CandidateInput extends MatchInput {
  readonly rootSeed: string;
  /** Features with pairs that may still come; evidence stops before the first of them. */
  readonly unresolved?: readonly string[];
  /** What no window can cost more than, for the evidence on totals; without one there is none. */
  readonly costCap?: number | null | undefined;
  /** The repositories that features come from. */
  readonly repositories?: ReadonlyMap<string, string> | undefined;
  readonly options?: Partial<AnalysisOptions>;
  /** Results of earlier analyses of the same candidate with the same settings; the results are the same without it. */
  readonly memory?: AnalysisMemory | undefined;
}

/** What looks at more and more pairs need not work out again. */
export interface AnalysisMemory {
  readonly quality: QualityMemory;
  readonly latency: LatencyMemory;
  costAgainst1?: CostMemory;
  costAgainstTarget?: CostMemory;
  /** Cost and quality of the last analysis, and the windows that it was of. */
  last?: { readonly windows: CandidateInput["windows"]; readonly analysis: CostAndQuality };
}

export function analysisMemory(): AnalysisMemory {
  return { quality: qualityMemory(), latency: { pools: {} } };
}

/** Everything said about the cost of one candidate against the baseline. */
export type CandidateCost = ReturnType<typeof analyseCost>;

/** Every statistic of one candidate against the baseline. */
export type CandidateAnalysis = ReturnType<typeof analyseCandidate>;

/**
 * Everything a preview prints about one candidate: cost, quality, errors, latency, power, what is
 * still missing, and whether the sequences occur as assigned.
 *
 * Inference is about features, or about families if features name them. Replicates are averaged
 * within their feature, and features within their family.
 */
export function analyseCandidate(input: CandidateInput) {
  const { rootSeed, baseline, candidate } = input;
  const options = { ...DEFAULT_OPTIONS, ...input.options };
  const { features, ...matched } = matchPairs(input);
  const units = groupUnits(features);
  const prefix = resolvedUnits(units, input);
  const pairs = features.flatMap((own) => own.pairs);
  const pairsAB = pairs.filter(({ sequence }) => sequence === "AB").length;
  const { alpha, qualityMin: rho, bettingGrid: gridK } = options;
  const scores = qualityByUnit(units);
  const analysis = analyseCostAndQuality({ units, prefix, scores }, { ...input, options });
  const { cost, quality } = analysis;
  if (input.memory !== undefined) input.memory.last = { windows: input.windows, analysis };
  return {
    ...matched,
    baseline,
    candidate,
    /** Features with a complete pair. */
    features: features.length,
    /** Families with a complete pair; null if no feature names one. Then they are the unit. */
    families: features.some(({ family }) => family !== undefined) ? units.length : null,
    pairs: pairs.length,
    pairsAB,
    pairsBA: pairs.length - pairsAB,
    /** Units in the resolved prefix of the schedule, the basis of evidence at any time. */
    prefixFeatures: prefix.length,
    arms: { a: reportArm(pairs, ({ a }) => a), b: reportArm(pairs, ({ b }) => b) },
    cost,
    /** How alike the log cost ratios of one repository's features are; null without need to know. */
    repositoryCorrelation: correlationByRepository(units, input.repositories),
    quality,
    errors: compareClusteredErrorRates(errorsByUnit(units), options.errorMargin),
    latency: compareLatencies({
      features: latenciesByUnit(units),
      rootSeed,
      replicates: options.bootstrapReplicates,
      memory: input.memory?.latency,
    }),
    power: powerOf(cost, { scores, meanA: quality.meanA }, options),
    /** How many more windows, as things stand and at the 80 % upper limit of the spread. */
    ...projections(cost, options),
    /** Features until quality is confirmed at any time of looking; null if 500 are not enough. */
    extraForQuality: featuresToConfirm(contrastsOf(scores, rho), { rho, alpha, gridK }),
    allocation: checkAllocation({
      counts: [pairsAB, pairs.length - pairsAB],
      probs: [0.5, 0.5],
    }),
  };
}

const REPOSITORIES_MIN = 3;
const FEATURES_MIN = 12;

/** One repository is the population, and two say little about others. Families are units already. */
function correlationByRepository(
  units: readonly Unit[],
  repositories: CandidateInput["repositories"] = new Map(),
): number | null {
  const places = units.flatMap((unit) => {
    const [own] = unit;
    const repository = own && repositories.get(own.feature);
    return own?.family !== undefined || repository === undefined ? [] : [{ unit, repository }];
  });
  const groups = [...Map.groupBy(places, ({ repository }) => repository).values()];
  if (groups.length < REPOSITORIES_MIN || places.length < FEATURES_MIN) return null;
  if (places.length < units.length) return null;
  return intraclassCorrelation(
    groups.map((group) => logRatiosByUnit(group.map(({ unit }) => unit)).d),
  );
}

type CostAndQuality = ReturnType<typeof analyseCostAndQuality>;

/** The two criteria that a look's other data can change: cost and quality of these units. */
function analyseCostAndQuality(
  { units, prefix, scores }: Scored,
  input: CandidateInput & { readonly options: AnalysisOptions },
) {
  const { rootSeed, options, memory } = input;
  const { alpha, qualityMin: rho, bettingGrid: gridK } = options;
  const inSchedule = qualityByUnit(prefix);
  const settings = { rootSeed, rho, alpha, gridK, memory: memory?.quality };
  return {
    cost: analyseCost(units, { prefix, cap: input.costCap ?? null, memory }, options),
    quality: analyseQuality({ ...scores, inSchedule, ...settings }),
  };
}

/** The units, those before the first unresolved pair, and the scores of all. */
interface Scored {
  readonly units: readonly Unit[];
  readonly prefix: readonly Unit[];
  readonly scores: UnitScores;
}

/** Cost and quality of a candidate by themselves, for data that are only entered to judge a hold. */
export function analyseEntered(input: CandidateInput): CostAndQuality {
  const { last } = input.memory ?? {};
  if (last?.windows === input.windows) return last.analysis;
  const options = { ...DEFAULT_OPTIONS, ...input.options };
  const units = groupUnits(matchPairs(input).features);
  const prefix = resolvedUnits(units, input);
  const scored = { units, prefix, scores: qualityByUnit(units) };
  return analyseCostAndQuality(scored, { ...input, options });
}

const TWO_SIDED_95 = 0.025;

/**
 * The two-sided 95 % interval of candidate ÷ baseline quality that is valid at any time of looking. A limit is
 * null if it is not finite.
 */
export function qualityAtAnyTime(input: CandidateInput) {
  const { bettingGrid: grid } = { ...DEFAULT_OPTIONS, ...input.options };
  const scores = qualityByUnit(resolvedUnits(groupUnits(matchPairs(input).features), input));
  if (scores.a.length === 0) return null;
  const level = { alpha: TWO_SIDED_95, grid };
  const upper = ratioUpperBound(scores, level);
  return { lower: ratioLowerBound(scores, level), upper: Number.isFinite(upper) ? upper : null };
}

/**
 * Cost as the report shows it. `prefix` has the units before the first unresolved pair of the
 * schedule: evidence that holds at every look may use no others.
 */
function analyseCost(
  units: readonly Unit[],
  {
    prefix,
    cap,
    memory = analysisMemory(),
  }: Pick<CandidateInput, "memory"> & {
    readonly prefix: readonly Unit[];
    readonly cap: number | null;
  },
  { costTarget, alpha, priorPrecision: g, bettingGrid: gridK }: AnalysisOptions,
) {
  const nulls = [...new Set([1, 2, costTarget])];
  const pairs = units.flat().flatMap((own) => own.pairs);
  const inSchedule = { ...logRatiosByUnit(prefix), g, alpha };
  const [no, target] = [
    { ...inSchedule, null: 1 },
    { ...inSchedule, null: costTarget },
  ];
  const crossover =
    pairs.length === units.length
      ? analyseCrossover({ pairs: pairs.map(toCrossoverPair), nulls })
      : null;
  return {
    /** The cross-over if every unit has one pair, else null. */
    crossover,
    /** The factor of carry-over that the comparison between features finds with 80 % power. */
    carryoverDetectable: detectableCarryover(crossover),
    /** Carry-over within the features that replicates give both sequences. */
    carryoverWithin: carryoverWithin(units),
    /** The cross-over over feature means: the primary analysis with replicates. */
    rounds: analyseCrossoverRounds({ rows: units.flat().flatMap(toRounds), nulls }),
    /** Not adjusted for period, with the ratio of totals; over pairs. */
    unadjusted: analysePairedLogRatio({
      a: pairs.map(({ a }) => a.cost),
      b: pairs.map(({ b }) => b.cost),
      nulls,
    }),
    /** Evidence that the totals differ by more than the target; null without a cap that held. */
    totalsEvidence:
      cap === null
        ? null
        : totalsEvidence({ units: prefix.map(costsOf), cap, target: costTarget, alpha, gridK }),
    adverse: adverseTail(logRatiosByUnit(units).d),
    /** Evidence against "no cheaper". */
    evidenceAgainst1: costEProcess(no, (memory.costAgainst1 ??= costMemory(no))),
    /** Evidence against "not cheaper than the target". */
    evidenceAgainstTarget: costEProcess(target, (memory.costAgainstTarget ??= costMemory(target))),
  };
}

function costsOf(unit: Unit): readonly (readonly PairedCost[])[] {
  return unit.map(({ pairs }) => pairs.map(({ a, b }) => ({ a: a.cost, b: b.cost })));
}

function detectableCarryover(crossover: Crossover | null): number | null {
  const { carryover = null, nAB = null, nBA = null } = crossover ?? {};
  if (carryover === null || nAB === null || nBA === null) return null;
  const { sd, df } = carryover;
  const nEff = 1 / (1 / nAB + 1 / nBA);
  const effect = detectableEffect({ sd, nEff, df, alpha: 0.025 }, 0.8);
  return effect === null || sd === 0 ? null : Math.exp(effect);
}

function toCrossoverPair({ sequence, a, b }: WindowPair) {
  const [first, second] = sequence === "AB" ? [a, b] : [b, a];
  return { feature: a.feature, sequence, period1: first.cost, period2: second.cost };
}

function toRounds({ feature, family, pairs }: FeaturePairs): readonly CrossoverRound[] {
  return pairs.map(({ sequence, a, b }) => {
    return { feature, family, round: a.replicate, sequence, costA: a.cost, costB: b.cost };
  });
}

/**
 * The units whose pairs all come before the first unresolved pair of the schedule, in the order in
 * which the schedule completes them. An unresolved feature may still change until its last pair.
 */
export function resolvedUnits(
  units: readonly Unit[],
  { windows, schedule, unresolved = [], families }: CandidateInput,
): readonly Unit[] {
  const order = schedule ?? windows.map(({ feature }) => feature);
  const keyOf = (feature: string) => unitKey({ feature, family: families?.get(feature) });
  const last = new Map(order.map((feature, index) => [feature, index]));
  const end = Math.min(...unresolved.map((feature) => last.get(feature) ?? Infinity));
  const open = new Set(unresolved.map(keyOf));
  const completed = new Map(order.map((feature, index) => [keyOf(feature), index]));
  return units
    .map((unit) => ({ unit, key: unit.slice(0, 1).map(unitKey).join("") }))
    .filter(({ key }) => !open.has(key) && (completed.get(key) ?? Infinity) < end)
    .toSorted((left, right) => (completed.get(left.key) ?? 0) - (completed.get(right.key) ?? 0))
    .map(({ unit }) => unit);
}

/** One arm's windows, over complete pairs. */
function reportArm(pairs: readonly WindowPair[], pick: (pair: WindowPair) => AnalysedWindow) {
  const windows = pairs.map(pick);
  return {
    cost: summariseArm(windows.map((window) => window.cost)),
    quality: summariseArm(windows.flatMap((window) => window.quality ?? [])),
  };
}

function powerOf(
  cost: CandidateCost,
  { scores, meanA }: { readonly scores: UnitScores; readonly meanA: number | null },
  { costTarget, qualityMin: rho, alpha }: AnalysisOptions,
) {
  const contrasts = contrastsOf(scores, rho);
  const fit =
    fitPeriodAdjusted(contrasts, scores.z) ?? (contrasts.length > 0 ? fitMean(contrasts) : null);
  return gatePower({
    cost: designOf(cost.rounds),
    quality: fit && designOf(fit),
    meanQualityA: meanA,
    costTarget,
    rho,
    alpha,
  });
}

function designOf({
  sd,
  nEff,
  df,
}: Pick<CandidateCost["rounds"], keyof CriterionDesign>): CriterionDesign | null {
  return sd === null || nEff === null || df === null ? null : { sd, nEff, df };
}

function projections(
  { rounds }: CandidateCost,
  options: AnalysisOptions,
): Possible<"projection" | "projectionConservative", Projection> {
  const { estimate, sd, df } = rounds;
  if (estimate === null || sd === null || df === null) {
    return { projection: null, projectionConservative: null };
  }
  // A unit that is balanced in itself counts half in each sequence: it does not unbalance the others.
  const nAB = sum(rounds.zBar.map((z) => (1 + Math.sign(z)) / 2));
  const start = { tau: estimate, sdDiff: sd, nAB, nBA: rounds.zBar.length - nAB };
  const config = {
    ...DEFAULT_PROJECTION,
    ...options,
    g: options.priorPrecision,
    ratioTarget: options.costTarget,
    evidenceNull: options.costTarget,
  };
  const cautious = { ...start, sdDiff: sdUpperLimit({ sd, df }, 0.8) };
  return {
    projection: projectPairs(start, config),
    projectionConservative: projectPairs(cautious, config),
  };
}
