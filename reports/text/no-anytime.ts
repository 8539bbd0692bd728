/** Why a criterion has no interval and no evidence that hold at any time of looking. */
export const NO_ANYTIME = {
  errors: "a task's failed requests have no upper limit",
  latency: "the method needs a mean over tasks, and a p95 is not a mean",
  tests: "regressions are counted, not estimated",
} as const;

/** Why a criterion is not read by signs. */
export const NO_SIGNS = "for cost alone";

export function whyNoAnytime(criterion: string): string {
  const found = Object.entries(NO_ANYTIME).find(([name]) => name === criterion);
  return found?.[1] ?? "not computed";
}
