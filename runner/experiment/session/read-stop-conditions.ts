import {
  parseStopCondition,
  STOP_METRICS,
  type StopCondition,
} from "../../../reports/gate/stop-condition.ts";
import { sayModels, unpricedModels } from "../../plan/config/choose-cost.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";

/**
 * The operator's own stop rules.
 * @throws ConfigurationError if one can't be read, or could never hold because a model has no price.
 */
export function readStopConditions(
  texts: readonly string[],
  configuration: Pick<Configuration, "providers" | "prices">,
): readonly StopCondition[] {
  const unpriced = unpricedModels(configuration);
  return texts.map((text) => {
    const condition = parseStopCondition(text);
    if (condition === null) {
      throw new ConfigurationError(
        `--stop-when: expected a metric (${STOP_METRICS.join(", ")}), a relation (>, >=, <, <=) and a number, got "${text}". Write e.g. 'errors>0.1'.`,
      );
    }
    if (condition.metric === "cost_usd" && unpriced.length > 0) {
      throw new ConfigurationError(
        `--stop-when: expected every provider to have a price for "${text}", got none for ${sayModels(unpriced)}. Write prices for them under "prices", or a limit in tokens, e.g. 'tokens>2000000'.`,
      );
    }
    return condition;
  });
}
