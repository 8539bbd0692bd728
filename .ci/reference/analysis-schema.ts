import { z } from "zod";

import { Look } from "../../reports/looks/look.ts";
import { byPolicy } from "../../reports/looks/thresholds.ts";

/** null: not available. Infinite numbers, which JSON does not have, are the texts that R prints. */
const Value = z.union([z.number(), z.enum(["Infinity", "-Infinity"])]).nullable();
const Values = z.array(Value).readonly();
const Limits = z.tuple([Value, Value]).readonly();
const Count = z.int().nonnegative();
const CountOrNull = Count.nullable();
const Text = z.string().nullable();

const Status = z.enum([
  "invalid_input",
  "no_data",
  "one_sequence",
  "insufficient",
  "zero_variance",
  "ok",
]);

/** Fields by name, all of one kind. */
function fields<Name extends string, Kind extends z.ZodType>(
  names: readonly Name[],
  kind: Kind,
): Record<Name, Kind> {
  // `fromEntries` forgets the names, which are exactly the ones given.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(names.map((name) => [name, kind])) as Record<Name, Kind>;
}

function values<Name extends string>(...names: readonly Name[]): Record<Name, typeof Value> {
  return fields(names, Value);
}

const Head = { status: Status, problem: Text };
const Effect = values("se", "t", "pTwoSided", "ci95Lower", "ci95Upper");
const RatioTest = z.strictObject({
  theta0: z.number(),
  ...values("t", "pGreater", "pLess"),
});
const Tost = z.strictObject(values("lower", "upper", "tLower", "tUpper", "pLower", "pUpper", "p"));
const Ratio = {
  ...values("ratio", "ratioCi95Lower", "ratioCi95Upper", "ratioCi90Lower", "ratioCi90Upper"),
  ...values("ciWidthRel"),
  nullTests: z.array(RatioTest).readonly(),
  tost: Tost.nullable(),
};
const TwoSample = z.strictObject({
  ...Effect,
  ...values("estimate", "df", "sd"),
});

const ArmSummaryData = z.strictObject({
  ...Head,
  n: CountOrNull,
  ...values("mean", "sd", "se", "ciLower", "ciUpper", "ciWidthRel", "cv", "min", "median", "p95"),
  ...values("max", "geoMean", "geoCiLower", "geoCiUpper", "geoCiWidthRel"),
});

const Crossover = z.strictObject({
  ...Head,
  ...Effect,
  ...Ratio,
  ...fields(["n", "nAB", "nBA"], CountOrNull),
  ...fields(["missingPeriod1", "missingPeriod2", "incompletePairs"], Count),
  ...values("nEff", "df", "meanDiffAB", "meanDiffBA", "estimate", "sdDiff"),
  ...values("ci90Lower", "ci90Upper"),
  period: z.strictObject({ ...Effect, ...values("estimate") }),
  carryover: TwoSample.nullable(),
  carryoverWarning: z.boolean(),
  firstPeriodOnly: TwoSample.nullable(),
  unadjusted: z.strictObject({ ...Effect, ...values("estimate", "sd", "df") }),
  anova: z
    .strictObject({
      ...values("mseWithin", "mseBetween", "fTreatment", "fPeriod", "fSequence", "df1", "df2"),
      ...values("pTreatment", "pPeriod", "pSequence", "varBetween", "cvWithin", "cvBetween"),
    })
    .nullable(),
});

const CrossoverRounds = z.strictObject({
  ...Head,
  ...Effect,
  ...Ratio,
  features: CountOrNull,
  incompleteRounds: Count,
  dBar: Values,
  zBar: Values,
  ...values("estimate", "nEff", "df", "sd", "ci90Lower", "ci90Upper", "period"),
  periodEffect: z.strictObject(Effect),
  clusteredSeOfRowMean: z.record(z.string(), Value).nullable(),
});

const PairedLogRatio = z.strictObject({
  ...Head,
  n: CountOrNull,
  ...values("df", "logMean", "logSd", "se", "gmr", "ci95Lower", "ci95Upper", "ci90Lower"),
  ...values("ci90Upper", "ciWidthRel", "t", "pTwoSided", "totalsRatio", "totalsLogSeJackknife"),
  ...values("totalsCi95Lower", "totalsCi95Upper"),
  nullTests: z.array(RatioTest).readonly(),
  tost: z.array(Tost).readonly(),
});

/** Natural logarithms of e-values by prefix of the schedule; valid at any time of looking. */
const CostEProcess = z.strictObject({
  ...fields(["logEGreater", "logELess", "logETwoSided", "signLogE", "signLogELess"], Values),
  ...values("pAnytime"),
  final: z
    .strictObject({
      ...values("tau", "sd", "nEff", "df", "cs95Lower", "cs95Upper", "oneSidedLower"),
      ...values("ratioCs95Lower", "ratioCs95Upper", "ratioOneSidedLower"),
    })
    .nullable(),
});

const CostData = z.strictObject({
  crossover: Crossover.nullable(),
  ...values("carryoverDetectable"),
  carryoverWithin: z.strictObject({ n: Count, ...Effect, ...values("estimate", "df") }).nullable(),
  rounds: CrossoverRounds,
  unadjusted: PairedLogRatio,
  totalsEvidence: z.strictObject(values("logE", "extra")).nullable(),
  adverse: z.strictObject({ n: Count, adversePairs: Count, ...values("shareUpper95") }),
  evidenceAgainst1: CostEProcess,
  evidenceAgainstTarget: CostEProcess,
});

const Fieller = z.strictObject({
  n: Count,
  ...values("df", "nEff", "meanA", "meanB", "ratio", "varA", "varB", "covAB", "level", "g"),
  type: z.enum(["bounded", "exclusive", "unbounded"]),
  ...values("lower", "upper"),
  excludedFrom: Value.optional(),
  excludedTo: Value.optional(),
});
const Contrast = z.strictObject({
  n: Count,
  ...values("rho", "df", "estimate", "se", "t", "pGreater", "pLess"),
});
const SignFlip = z.strictObject({
  n: Count,
  ...values("statistic", "pGreater", "pLess", "pTwoSided", "minAttainableP"),
});
const SignedRank = z.record(z.string(), Value);

const QualityData = z.strictObject({
  ...Head,
  n: CountOrNull,
  ...values("meanA", "meanB", "ratio"),
  ...fields(["fieller90", "fieller95", "fieller90PeriodAdjusted"], Fieller.nullable()),
  ...fields(
    ["contrastT", "contrastTPeriodAdjusted", "dropT", "dropTPeriodAdjusted"],
    Contrast.nullable(),
  ),
  ...fields(["contrastSignFlip", "dropSignFlip"], SignFlip.nullable()),
  ...fields(["contrastWilcoxon", "dropWilcoxon"], SignedRank.nullable()),
  dropTestable: z.boolean(),
  /** Valid at any time of looking. */
  betting: z.strictObject({
    ...fields(["logENonInferior", "logEInferior"], Values),
    ...values("ratioLower", "ratioUpper"),
    meanCsA: Limits,
    meanCsB: Limits,
  }),
});

const EffectiveCounts = z.record(z.string(), Value).nullable();

const ErrorsData = z.strictObject({
  ...Head,
  ...values("pA", "pB", "diff", "niZ", "niP"),
  ...fields(["wilsonA", "wilsonB", "clopperA", "clopperB"], Limits.nullable()),
  ...fields(["newcombe95", "newcombe90", "miettinenNurminen95", "miettinenNurminen90"], Limits),
  raoScottA: EffectiveCounts,
  raoScottB: EffectiveCounts,
});

const LatencyData = z.strictObject({
  ...Head,
  ...fields(["features", "requestsA", "requestsB"], CountOrNull),
  ...values("p50A", "p50B", "p95A", "p95B", "ratio", "logRatio"),
  percentileRatioCi: Limits.nullable(),
  perFeatureLogRatios: Values,
  perFeatureT: z
    .strictObject(values("mean", "se", "df", "ratio", "ratioCi90Lower", "ratioCi90Upper"))
    .nullable(),
  decisionRatioCi: Limits.nullable(),
  decisionMethod: z.literal("bootstrap").nullable(),
});

const PowerData = z.strictObject(values("power", "powerCost", "powerQuality", "powerConservative"));

const ProjectionData = z
  .strictObject({
    ...values("extraForMinPairs", "extraForCiWidth", "extraForPower", "extraForEvidence"),
    ...values("extraPairs", "extraWindows"),
  })
  .nullable();

const AllocationData = z.strictObject(
  values("chisq", "df", "pChisq", "pBinomialExact", "p", "logE"),
);

const ArmsData = z.strictObject({
  ...Head,
  ...values("residualSd", "df"),
  contrasts: z
    .array(
      z.strictObject({
        arm: z.string(),
        baseline: z.string(),
        ...values("logRatioBaselineOverArm", "se", "df", "ratio", "ratioCi95Lower"),
        ...values("ratioCi95Upper", "pGreater1", "pGreater2"),
      }),
    )
    .readonly(),
  holmPGreater2: Values,
});

const DecisionData = z.strictObject({
  verdict: z.enum(["expand", "hold", "stop"]),
  G1: z.boolean(),
  G2: z.boolean(),
  G3: z.boolean(),
  reasons: z.array(z.string()).readonly(),
});

/** One candidate against the baseline; fields are named as in the statistical specification. */
const CandidateData = z.strictObject({
  problem: z.string().nullable(),
  baseline: z.string(),
  candidate: z.string(),
  features: Count,
  families: CountOrNull,
  pairs: Count,
  pairsAB: Count,
  pairsBA: Count,
  incompletePairs: Count,
  missingPeriod1: Count,
  missingPeriod2: Count,
  missingA: Count,
  missingB: Count,
  /** Share missing of the candidate less that of the baseline. */
  missingDifference: z.strictObject({ ...values("diff"), newcombe95: Limits }),
  prefixFeatures: Count,
  arms: z.strictObject({
    a: z.strictObject({ cost: ArmSummaryData, quality: ArmSummaryData }),
    b: z.strictObject({ cost: ArmSummaryData, quality: ArmSummaryData }),
  }),
  cost: CostData,
  repositoryCorrelation: z.number().nullable(),
  quality: QualityData,
  errors: ErrorsData,
  latency: LatencyData,
  power: PowerData,
  projection: ProjectionData,
  projectionConservative: ProjectionData,
  extraForQuality: Count.nullable(),
  allocation: AllocationData,
  srmAlarm: z.boolean(),
  look: Look.extend({ ciWidth: Value }),
  /** The verdict of this one look under each policy. */
  decisions: z.strictObject(byPolicy(() => DecisionData)),
});

/**
 * The output of `experiment analyze --json`: its published schema. Tests hold the analysis against it.
 */
export const AnalysisData = z.strictObject({
  analysisVersion: z.literal("1.0.0"),
  baseline: z.string(),
  windows: Count,
  seed: z.string(),
  /** The purposes of the random streams that were opened. */
  streams: z.array(z.string()).readonly(),
  defaults: z.record(z.string(), z.union([z.number(), z.string()])),
  versions: z.record(z.string(), z.string()),
  candidates: z.array(CandidateData).readonly(),
  /** All arms in one model; null with a single candidate. */
  multiArm: ArmsData.nullable(),
});
