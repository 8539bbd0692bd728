import { z } from "zod";

import { tokensIn } from "./token-basis.ts";
import { Usage } from "./usage.ts";

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
  window_agent: z.string().optional(),
});
export type AnomalyRecorded = z.infer<typeof AnomalyRecorded>;

/** The kind of an anomaly of two counts that differ; the agent's driver follows. */
export const DIVERGENT = "divergent:";

const TwoCounts = z.looseObject({
  proxy: Usage,
  reported: Usage,
  /** The source whose count is `proxy`; if absent, it is the proxy. */
  reference: z.string().optional(),
  /** Only the main agent's requests are counted. */
  lane: z.literal("main").optional(),
});

/** Two counts of the same tokens that differ. */
export interface Divergence {
  readonly proxy: number;
  readonly reported: number;
  /** The source that counts. */
  readonly counted_by: string;
  /** The driver of the agent that reported, or the source. */
  readonly reported_by: string;
  readonly lane: "main" | "all";
}

/** Both counts of a divergence in tokens of all classes; null for another anomaly. */
export function readDivergence({
  kind,
  observed,
}: Pick<AnomalyRecorded, "kind" | "observed">): Divergence | null {
  const counts = kind.startsWith(DIVERGENT) ? TwoCounts.safeParse(observed).data : undefined;
  if (counts === undefined) return null;
  const { proxy, reported, lane = "all", reference = "proxy" } = counts;
  return {
    counted_by: reference,
    proxy: tokensIn("all", proxy),
    reported: tokensIn("all", reported),
    reported_by: kind.slice(DIVERGENT.length),
    lane,
  };
}
