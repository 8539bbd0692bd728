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

/** The kind of an anomaly of counts that can't be right. */
export const BAD_USAGE = "bad-usage";

/**
 * The anomaly of counts that can't be right.
 * @param source - Who read them, such as `proxy` or `codex-exec`.
 * @param fault - The first of them, as a sentence with the counts.
 */
export function badUsage(source: string, fault: string) {
  const action = `These counts can't be right, so they stay unknown. ${source}: ${fault}`;
  return { kind: BAD_USAGE, observed: { source, fault }, action };
}

/** Answers that did not state all of their usage, and the tokens that they took by estimate. */
export interface UnstatedUsage {
  readonly requests: number;
  readonly estimated: number;
}

/** The kind of an anomaly of answers that did not state their usage. */
export const UNSTATED_USAGE = "unstated-usage";

/** The anomaly of answers that did not state their usage: what was spent is at least what is known. */
export function unstatedUsage(unstated: UnstatedUsage) {
  const { requests, estimated } = unstated;
  const answers = requests === 1 ? "1 answer" : `${String(requests)} answers`;
  const action = `${answers} did not state all tokens. The cost is a lower bound. Budgets count an estimate, of about ${String(estimated)} tokens.`;
  return { kind: UNSTATED_USAGE, observed: { ...unstated }, action };
}

/** The kind of an anomaly of two counts that differ; the agent's driver follows. */
export const DIVERGENT = "divergent:";

const Tokens = z.int().nonnegative();

const TwoCounts = z.looseObject({
  proxy: Usage,
  reported: Usage,
  /** The source whose count is `proxy`; if absent, it is the proxy. */
  reference: z.string().optional(),
  /** The tokens that were compared, if one side states a class that the other leaves out. */
  compared: z.looseObject({ reference: Tokens, source: Tokens }).optional(),
  /** The classes that differ too much. */
  classes: z
    .array(z.looseObject({ class: z.string(), reference: Tokens, source: Tokens }))
    .readonly()
    .optional(),
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
  /** The classes of tokens that differ too much by themselves. */
  readonly classes: readonly {
    readonly class: string;
    readonly proxy: number;
    readonly reported: number;
  }[];
}

/** Both counts of a divergence, in tokens of all classes that were compared; null for another anomaly. */
export function readDivergence({
  kind,
  observed,
}: Pick<AnomalyRecorded, "kind" | "observed">): Divergence | null {
  const counts = kind.startsWith(DIVERGENT) ? TwoCounts.safeParse(observed).data : undefined;
  if (counts === undefined) return null;
  const { proxy, reported, lane = "all", reference = "proxy", compared, classes = [] } = counts;
  return {
    counted_by: reference,
    proxy: compared?.reference ?? tokensIn("all", proxy),
    reported: compared?.source ?? tokensIn("all", reported),
    reported_by: kind.slice(DIVERGENT.length),
    lane,
    classes: classes.map((one) => ({
      class: one.class,
      proxy: one.reference,
      reported: one.source,
    })),
  };
}
