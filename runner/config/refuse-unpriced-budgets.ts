import type { ResolvedBudgets } from "../budgets/resolve-budgets.ts";
import { sayModels, unpricedModels } from "./choose-cost.ts";
import type { Configuration } from "./configuration.ts";
import { ConfigurationError } from "./errors.ts";

/**
 * A budget in dollars can't hold what has no price.
 * @throws ConfigurationError where a model that a provider or a route names has none.
 */
export function refuseUnpricedBudgets(
  { limits }: ResolvedBudgets,
  asked: Pick<Configuration, "providers" | "prices">,
): void {
  const budget = limits.find(({ unit, isHeld }) => unit === "usd" && isHeld);
  if (budget === undefined) return;
  const unpriced = unpricedModels(asked);
  if (unpriced.length === 0) return;
  throw new ConfigurationError(
    `${budget.door}: expected a price for every model that a budget of dollars is to hold, got none for ${sayModels(unpriced)}. Write prices for them under "prices", or a budget of tokens.`,
  );
}
