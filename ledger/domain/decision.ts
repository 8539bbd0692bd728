import { z } from "zod";

import { ExperimentId } from "./experiment.ts";

const Verdict = z.enum(["expand", "hold", "stop"]);
const PolicyName = z.enum(["literal", "standard", "strict"]);

const PolicyVerdict = z.looseObject({ verdict: Verdict, reasons: z.array(z.string()).readonly() });

/** Row `decision_made`: what the gates say after a look, under every policy. */
export const DecisionMade = z.looseObject({
  record: z.literal("decision_made"),
  experiment_id: ExperimentId,
  candidate: z.string(),
  /** Id of the look row that it rests on; null before the first look. */
  look: z.string().nullable(),
  /** SHA-256 (hex) of the gate file's values, and its version. */
  gates_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  gates_version: z.int().positive(),
  policy: PolicyName,
  verdict: Verdict,
  g1: z.boolean(),
  g2: z.boolean(),
  g3: z.boolean(),
  reasons: z.array(z.string()).readonly(),
  policies: z
    .looseObject({ literal: PolicyVerdict, standard: PolicyVerdict, strict: PolicyVerdict })
    .readonly(),
  /** Ready features that were blocked by capacity alone. */
  backlog_ready_blocked: z.int().nonnegative(),
  stopped: z.array(z.string()).readonly(),
  /** Whose seat is added; null unless the verdict is `expand`. */
  seat: z.looseObject({ provider: z.string(), seats: z.literal(1) }).nullable(),
  /** true: gates that were not registered decided, because `--allow-amended` let them. */
  is_amended: z.boolean().optional(),
  /** What could hold it whatever its criteria say, and whether it does; absent in older rows. */
  holds: z
    .array(z.looseObject({ hold: z.string(), is_held: z.boolean(), explanation: z.string() }))
    .readonly()
    .optional(),
});
export type DecisionMade = z.infer<typeof DecisionMade>;

/** Row `arm_halted`: a stop rule halted one provider, or, without one, the whole experiment. */
export const ArmHalted = z.looseObject({
  record: z.literal("arm_halted"),
  experiment_id: ExperimentId,
  /** null: the experiment as a whole. */
  provider: z.string().nullable(),
  rule: z.string(),
  /** What was seen, in a sentence. */
  reason: z.string(),
  /** What would release the arm, in a sentence. */
  release: z.string(),
});
export type ArmHalted = z.infer<typeof ArmHalted>;

/** Row `arm_released`: the reason that halted an arm no longer holds. */
export const ArmReleased = z.looseObject({
  record: z.literal("arm_released"),
  experiment_id: ExperimentId,
  provider: z.string().nullable(),
  rule: z.string(),
});
export type ArmReleased = z.infer<typeof ArmReleased>;
