import { z } from "zod";

import { canonicalSha256 } from "../../ledger/domain/canonical-sha256.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";

const Share = z.number().gt(0).max(1);
const Count = z.int().min(1).max(10_000);

/** How much evidence the gates ask for. */
const Policy = z.enum(["literal", "standard", "strict"]);
export type GatePolicy = z.infer<typeof Policy>;
export const GATE_POLICIES: readonly GatePolicy[] = Policy.options;

/**
 * The gate file: every threshold that a decision rests on. Every decision row cites its hash; a
 * change after registration is an amendment.
 */
export const GateFile = z
  .strictObject({
    version: z.literal(1),
    /** One-sided level of every test and bound that decides. */
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
    policy: Policy.default("standard"),
  })
  .readonly();
export type GateFile = z.infer<typeof GateFile>;

/** The thresholds without a gate file. */
export const DEFAULT_GATES: GateFile = GateFile.parse({ version: 1 });

/** The hash (hex) that a decision row cites: it covers the values, not how the file spells them. */
export function gateFileSha256(gates: GateFile): string {
  return canonicalSha256(gates);
}

/** The JSON Schema by which editors complete and check `gates.yaml`. */
export function gateFileJsonSchema(): object {
  return z.toJSONSchema(GateFile, { io: "input" });
}

/**
 * Reads the registered gates, or the defaults, and the amendments, oldest first. Manual windows have no
 * registration: the gates that were recorded first are theirs, by an amendment or by a decision.
 */
export function readRecordedGates(view: ExperimentView) {
  const amended = [...view.amendments.values()]
    .toSorted((left, right) => left.seq - right.seq)
    .map((fact) => ({ gates: readGates(fact.amended["gates"]), recordedAt: fact.recorded_at }))
    .flatMap(({ gates, recordedAt }) => (gates === null ? [] : [{ gates, recordedAt }]));
  const amendments = amended.map(({ gates }) => gates);
  const registration = latestOf(view.registrations.values())?.registration;
  const frozen = readGates(registration?.["gates"]);
  const isDecided = [...view.decisions.values()].some(
    ({ recorded_at }) => recorded_at < (amended[0]?.recordedAt ?? ""),
  );
  const first = view.design.isRegistered || isDecided ? undefined : amendments[0];
  return { registered: frozen ?? first ?? DEFAULT_GATES, amendments };
}

function readGates(recorded: unknown): GateFile | null {
  if (typeof recorded !== "object" || recorded === null) return null;
  const { sha256: _sha256, ...values } = { sha256: undefined, ...recorded };
  const gates = GateFile.safeParse(values);
  return gates.success ? gates.data : null;
}
