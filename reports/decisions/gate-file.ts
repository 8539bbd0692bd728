import { z } from "zod";

import { canonicalSha256 } from "../../ledger/domain/canonical-json.ts";
import type { AnalysisOptions } from "../statistics/candidate/analyse-candidate.ts";
import type { GatePolicy, GateThresholds } from "./gate-thresholds.ts";
import type { CriteriaLimits } from "./judge-criteria.ts";

const Share = z.number().gt(0).max(1);
const Count = z.int().min(1).max(10_000);

/**
 * The gate file: every threshold that a decision rests on. Its hash stands in every decision row; a
 * change after registration is an amendment.
 */
export const GateFile = z
  .strictObject({
    version: z.literal(1),
    /** One-sided, of every test and bound that decides. */
    alpha: z.number().gt(0).lt(0.5).default(0.05),
    min_windows: Count.default(3),
    min_pairs: Count.default(3),
    /** Relative width of the 95 % interval of the cost ratio. */
    ci_width_max: z.number().gt(0).default(0.3),
    power_min: Share.default(0.8),
    /** Share of the baseline's quality that must be kept. */
    quality_min: Share.default(0.8),
    /** How many times cheaper the candidate must be. */
    cost_target: z.number().gt(1).default(2),
    /** By how much the error rate may be higher: 0.02 is two percentage points. */
    error_margin: z.number().min(0).lt(1).default(0.02),
    /** By what factor the 95th percentile of latency may be higher. */
    latency_margin: z.number().min(1).default(1.3),
    /** Ready features that must be blocked by capacity alone. */
    backlog_min: Count.default(2),
    /** E-value from which the sequences occur in another ratio than assigned, as 1/threshold. */
    srm_threshold: z.number().gt(0).lt(0.5).default(0.001),
    policy: z.enum(["literal", "standard", "strict"]).default("standard"),
  })
  .readonly();
export type GateFile = z.infer<typeof GateFile>;

/** What holds where no gate file is configured. */
export const DEFAULT_GATES: GateFile = GateFile.parse({ version: 1 });

/** The hash (hex) that a decision row cites: of the values, not of how the file spells them. */
export function gateFileSha256(gates: GateFile): string {
  return canonicalSha256(gates);
}

export function thresholdsOf(gates: GateFile, policy: GatePolicy = gates.policy): GateThresholds {
  return {
    minWindows: gates.min_windows,
    minPairs: gates.min_pairs,
    ciWidthMax: gates.ci_width_max,
    powerMin: gates.power_min,
    qualityMin: gates.quality_min,
    backlogMin: gates.backlog_min,
    policy,
  };
}

export function limitsOf(gates: GateFile): CriteriaLimits {
  return {
    alpha: gates.alpha,
    costTarget: gates.cost_target,
    qualityMin: gates.quality_min,
    errorMargin: gates.error_margin,
    latencyMargin: gates.latency_margin,
  };
}

export function optionsOf(gates: GateFile): Partial<AnalysisOptions> {
  return {
    alpha: gates.alpha,
    costTarget: gates.cost_target,
    qualityMin: gates.quality_min,
    errorMargin: gates.error_margin,
    minPairs: gates.min_pairs,
    ciWidthMax: gates.ci_width_max,
    powerMin: gates.power_min,
  };
}

/** The JSON Schema by which editors complete and check `gates.yaml`. */
export function gateFileJsonSchema(): object {
  return z.toJSONSchema(GateFile, { io: "input" });
}
