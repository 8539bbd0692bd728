import { z } from "zod";

/** What keeps a ready feature from being worked. */
export const BlockCause = z.enum(["capacity", "tooling", "docs"]);
export type BlockCause = z.infer<typeof BlockCause>;

const Feature = z.string().min(1);

/** Row `feature_ready`: a feature of the backlog could be worked now. */
export const FeatureReady = z.looseObject({
  record: z.literal("feature_ready"),
  feature_id: Feature,
});

/** Row `feature_blocked`: something keeps it from being worked. */
export const FeatureBlocked = z.looseObject({
  record: z.literal("feature_blocked"),
  feature_id: Feature,
  by: BlockCause,
});

/** Row `feature_unblocked`: one cause, or, without one, every cause is gone. */
export const FeatureUnblocked = z.looseObject({
  record: z.literal("feature_unblocked"),
  feature_id: Feature,
  by: BlockCause.nullable(),
});
