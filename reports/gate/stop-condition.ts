const METRICS = ["errors", "quality", "tokens", "cost_usd"] as const;
export type StopMetric = (typeof METRICS)[number];

const RELATIONS = {
  ">": (value: number, limit: number) => value > limit,
  ">=": (value: number, limit: number) => value >= limit,
  "<": (value: number, limit: number) => value < limit,
  "<=": (value: number, limit: number) => value <= limit,
} as const;

/** An operator's own stop rule, such as `errors>0.1`. */
export interface StopCondition {
  /** As the operator wrote it, without blanks. */
  readonly text: string;
  readonly metric: StopMetric;
  /** It holds below its limit, so a lower bound can't show that it does. */
  readonly isBelow: boolean;
  readonly holds: (value: number) => boolean;
}

/** The metrics that a condition may name, as help texts list them. */
export const STOP_METRICS: readonly string[] = METRICS;

/** Reads `<metric><relation><number>`; null if the text has another form. */
export function parseStopCondition(text: string): StopCondition | null {
  const compact = text.replaceAll(/\s/gu, "");
  const [, name, relation, limit] = /^([a-z_]+)(>=|<=|>|<)(\d+(?:\.\d+)?)$/u.exec(compact) ?? [];
  const metric = METRICS.find((one) => one === name);
  if (metric === undefined || limit === undefined || !isRelation(relation)) return null;
  const holds = (value: number) => RELATIONS[relation](value, Number(limit));
  return { text: compact, metric, isBelow: relation.startsWith("<"), holds };
}

function isRelation(text: string | undefined): text is keyof typeof RELATIONS {
  return text !== undefined && Object.hasOwn(RELATIONS, text);
}
