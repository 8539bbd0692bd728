import { z } from "zod";

/** The first 12 hex digits of the SHA-256 of a frozen plan, or `manual` for manual windows. */
export const ExperimentId = z.string().regex(/^(?:[0-9a-f]{12}|manual)$/);

/** Row `experiment_registered`: the question as it was frozen before the first window. */
export const ExperimentRegistered = z.looseObject({
  record: z.literal("experiment_registered"),
  experiment_id: ExperimentId,
  name: z.string(),
  seed: z.string(),
  baseline: z.string(),
  /** Whether every model of the experiment was scripted; reports say so in their title. */
  scripted: z.boolean(),
  /** The frozen plan; `sha256` is the digest (hex) of its canonical JSON (RFC 8785). */
  registration: z.looseObject({}),
  sha256: z.string(),
});
export type ExperimentRegistered = z.infer<typeof ExperimentRegistered>;

/** Row `experiment_amended`: budgets, limits or paths that differ from the last session's. */
export const ExperimentAmended = z.looseObject({
  record: z.literal("experiment_amended"),
  experiment_id: ExperimentId,
  amended: z.looseObject({}),
});
export type ExperimentAmended = z.infer<typeof ExperimentAmended>;

/** Row `session_opened`: one run of the harness, with the versions of everything it used. */
export const SessionOpened = z.looseObject({
  record: z.literal("session_opened"),
  experiment_id: ExperimentId,
  session_id: z.string(),
  resumed: z.boolean(),
  settings: z.looseObject({}),
  versions: z.record(z.string(), z.string()),
});
export type SessionOpened = z.infer<typeof SessionOpened>;

/** Row `session_closed`: why the harness stopped. */
export const SessionClosed = z.looseObject({
  record: z.literal("session_closed"),
  experiment_id: ExperimentId,
  session_id: z.string(),
  reason: z.enum(["complete", "incomplete", "budget", "halted", "interrupted", "failed"]),
  /** The hash of the last checkpoint before it, so that a lost one shows; absent in earlier versions. */
  checkpoint: z.string().optional(),
});
export type SessionClosed = z.infer<typeof SessionClosed>;

/** Row `feature_assigned`: the order in which the providers get one feature in one replicate. */
export const FeatureAssigned = z.looseObject({
  record: z.literal("feature_assigned"),
  experiment_id: ExperimentId,
  feature_id: z.string(),
  replicate: z.int().positive(),
  stratum: z.string(),
  block: z.int().positive(),
  /** `AB`: the baseline first. */
  sequence: z.string(),
  /** Provider ids, period 1 first. */
  providers: z.array(z.string()),
  /** Registration cohort of a task that was added later, from 2; absent in the first. */
  cohort: z.int().positive().optional(),
});
export type FeatureAssigned = z.infer<typeof FeatureAssigned>;
