import {
  parseStopCondition,
  STOP_METRICS,
  type StopCondition,
} from "../../reports/decisions/stop-condition.ts";
import type { Plan } from "../assignment/plan.ts";
import { ConfigurationError } from "../config/errors.ts";

/**
 * The operator's own stop rules.
 * @throws ConfigurationError where one is none, or could never hold because nothing has a price.
 */
export function readStopConditions(
  texts: readonly string[],
  { registration }: Plan,
): readonly StopCondition[] {
  return texts.map((text) => {
    const condition = parseStopCondition(text);
    if (condition === null) {
      throw new ConfigurationError(
        `--stop-when: expected a metric (${STOP_METRICS.join(", ")}), a relation (>, >=, <, <=) and a number, got "${text}". Write e.g. 'errors>0.1'.`,
      );
    }
    if (condition.metric === "cost_usd" && !isPriced(registration["analysis"])) {
      throw new ConfigurationError(
        `--stop-when: expected every provider to have a price for "${text}", got costs in tokens. Write a limit in tokens, e.g. 'tokens>2000000'.`,
      );
    }
    return condition;
  });
}

function isPriced(analysis: unknown): boolean {
  if (typeof analysis !== "object" || analysis === null) return false;
  return "cost" in analysis && analysis.cost === "usd";
}
