import type { Configuration } from "./configuration.ts";
import { ConfigurationError } from "./errors.ts";

/**
 * A plan's meter tells what the whole account took, and not which of two windows or agents took it.
 * @throws ConfigurationError where dollars are to be compared that no meter could tell apart.
 */
export function refuseUnmeasuredPlans(
  asked: Pick<Configuration, "providers" | "cost" | "costScope" | "design">,
): void {
  const paid = asked.providers.find(({ plan }) => plan !== undefined);
  if (paid === undefined || asked.cost !== "usd") return;
  if (asked.costScope === "subagents") {
    throw new ConfigurationError(
      `analysis.cost_scope: expected window where ${paid.id} is paid by a plan, got subagents: its meter does not tell sub-agents apart. Write cost_scope: window, cost: tokens, or leave the plan out.`,
    );
  }
  if (asked.design.concurrency > 1) {
    throw new ConfigurationError(
      `design.concurrency: expected 1 where ${paid.id} is paid by a plan, got ${String(asked.design.concurrency)}: its meter does not tell windows apart that run at once. Write concurrency: 1, cost: tokens, or leave the plan out.`,
    );
  }
}
