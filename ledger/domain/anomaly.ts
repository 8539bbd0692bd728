import { z } from "zod";

/** Row `anomaly_recorded`: a breach of a clean-data invariant, or damage that was noticed. */
export const AnomalyRecorded = z.looseObject({
  record: z.literal("anomaly_recorded"),
  kind: z.string(),
  /** Ids of the rows, or names of the windows and files, that it affects. */
  touches: z.array(z.string()).readonly(),
  observed: z.looseObject({}),
  /** What was done about it, in a sentence. */
  action: z.string(),
  experiment_id: z.string().optional(),
  window: z.string().optional(),
  provider: z.string().optional(),
});
export type AnomalyRecorded = z.infer<typeof AnomalyRecorded>;
