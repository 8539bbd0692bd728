import { z } from "zod";

/** How a window ended (docs/guide.md has the table). */
export const Outcome = z.enum([
  "pass",
  "partial",
  "fail",
  "timed_out",
  "crashed",
  "handoff_failed",
  "capped",
  "no_spend",
  "session_budget",
  "provider_limit",
  "infrastructure",
  "interrupted",
  "grader_error",
]);
export type Outcome = z.infer<typeof Outcome>;

const VALID: readonly Outcome[] = [
  "pass",
  "partial",
  "fail",
  "timed_out",
  "crashed",
  "handoff_failed",
  "capped",
];

const RETRIABLE: readonly Outcome[] = [
  "session_budget",
  "provider_limit",
  "infrastructure",
  "interrupted",
  "grader_error",
];

/** Whether a window with this outcome enters the analysis. */
export function isValidOutcome(outcome: Outcome): boolean {
  return VALID.includes(outcome);
}

/** Whether the window may be attempted again: what stopped it was not the agent's doing. */
export function isRetriableOutcome(outcome: Outcome): boolean {
  return RETRIABLE.includes(outcome);
}
