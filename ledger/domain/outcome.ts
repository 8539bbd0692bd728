import { z } from "zod";

/**
 * How a window ended (docs/reference/outcomes.md has the table), and what follows from it: its window
 * enters the analysis, is missing from it, or may be attempted again because the agent did not cause
 * the end.
 */
const OUTCOMES = [
  ["pass", "analysed"],
  ["partial", "analysed"],
  ["fail", "analysed"],
  ["timed_out", "analysed"],
  ["crashed", "analysed"],
  ["handoff_failed", "analysed"],
  ["capped", "analysed"],
  ["tampered", "analysed"],
  ["no_spend", "missing"],
  ["session_budget", "retried"],
  ["provider_limit", "retried"],
  ["infrastructure", "retried"],
  ["interrupted", "retried"],
  ["grader_error", "retried"],
] as const;

export const Outcome = z.enum(OUTCOMES.map(([outcome]) => outcome));
export type Outcome = z.infer<typeof Outcome>;

const CONSEQUENCES = new Map(OUTCOMES);

/** Whether a window with this outcome enters the analysis. */
export function isValidOutcome(outcome: Outcome): boolean {
  return CONSEQUENCES.get(outcome) === "analysed";
}

/** Whether the window may be attempted again. */
export function isRetriableOutcome(outcome: Outcome): boolean {
  return CONSEQUENCES.get(outcome) === "retried";
}
