import { z } from "zod";

import {
  AllocationData,
  ArmsData,
  ArmSummaryData,
  CostData,
  ErrorsData,
  LatencyData,
  NewcombeData,
  PowerData,
  ProjectionData,
  QualityData,
} from "./statistics-data.ts";

const Count = z.int().nonnegative();
const Finding = z.enum(["confirmed", "contradicted", "inconclusive"]);
const Maybe = z.number().nullable();

/** A criterion as it is read literally, at this n, and at any time of looking. */
const LookData = z.strictObject({
  fingerprint: z.string(),
  nPairs: Count,
  windowsA: Count,
  windowsB: Count,
  ciWidth: z.union([z.number(), z.enum(["Infinity", "-Infinity"])]).nullable(),
  zeroVariance: z.boolean(),
  capped: z.boolean().optional(),
  power: Maybe,
  qualityRatio: Maybe,
  criteria: z.strictObject({
    cost: z.strictObject({ point: z.boolean(), fixed: Finding, anytime: Finding, sign: Finding }),
    quality: z.strictObject({ point: z.boolean(), fixed: Finding, anytime: Finding }),
    errors: z.strictObject({ point: z.boolean(), fixed: Finding }),
    latency: z.strictObject({ point: z.boolean(), fixed: Finding }),
    deterministicRegressions: Count,
  }),
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
  pairs: Count,
  pairsAB: Count,
  pairsBA: Count,
  incompletePairs: Count,
  missingPeriod1: Count,
  missingPeriod2: Count,
  missingA: Count,
  missingB: Count,
  /** Share missing of the candidate less that of the baseline. */
  missingDifference: NewcombeData,
  prefixFeatures: Count,
  arms: z.strictObject({
    a: z.strictObject({ cost: ArmSummaryData, quality: ArmSummaryData }),
    b: z.strictObject({ cost: ArmSummaryData, quality: ArmSummaryData }),
  }),
  cost: CostData,
  quality: QualityData,
  errors: ErrorsData,
  latency: LatencyData,
  power: PowerData,
  projection: ProjectionData,
  projectionConservative: ProjectionData,
  extraForQuality: Count.nullable(),
  allocation: AllocationData,
  srmAlarm: z.boolean(),
  look: LookData,
  /** The verdict of this one look under each policy. */
  decisions: z.strictObject({
    literal: DecisionData,
    standard: DecisionData,
    strict: DecisionData,
  }),
});

/** The output of `experiment analyze --json`. */
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
export type AnalysisData = z.infer<typeof AnalysisData>;

/** The JSON Schema of `experiment analyze --json`. */
export function analysisJsonSchema(): object {
  return z.toJSONSchema(AnalysisData);
}
