import type { PriceBook } from "../prices/price-book.ts";
import type { Configuration, Provider } from "./configuration.ts";
import type { CostMeasure } from "./cost-measure.ts";
import { ConfigurationError } from "./errors.ts";

/** A model that an experiment asks and that has no price. */
export interface UnpricedModel {
  readonly model: string;
  readonly provider: string;
}

/**
 * Dollars where every model that a provider is configured to ask has a price, else tokens. Where
 * all models are scripted nobody is paid, so that only prices of the user's own make it dollars.
 * @throws ConfigurationError where dollars are asked for and a model has no price.
 */
export function chooseCost(
  asked: CostMeasure | undefined,
  { providers, prices }: Pick<Configuration, "providers" | "prices">,
): CostMeasure {
  if (asked === "tokens") return "tokens";
  const unpriced = unpricedModels({ providers, prices });
  if (asked === "usd" && unpriced.length > 0) {
    throw new ConfigurationError(
      `analysis.cost: expected a price for every model, got none for ${sayModels(unpriced)}. Write prices for them under "prices", or cost: tokens.`,
    );
  }
  if (asked === "usd") return "usd";
  const isPaid =
    prices.hasOwn || providers.some(({ credential }) => credential.mode !== "scripted");
  return isPaid && unpriced.length === 0 ? "usd" : "tokens";
}

/** The models that the configuration names and no list has, each with the providers that ask it. */
export function unpricedModels({
  providers,
  prices,
}: {
  readonly providers: readonly Provider[];
  readonly prices: PriceBook;
}): readonly UnpricedModel[] {
  return providers.flatMap(({ id, model, routes }) => {
    const models = new Set([model, ...routes.flatMap((route) => route.model ?? [])]);
    return [...models]
      .filter((name) => prices.find(name) === undefined)
      .map((name) => ({ model: name, provider: id }));
  });
}

/** `glm-x (claude-glm)`. */
export function sayModels(models: readonly UnpricedModel[]): string {
  return models.map(({ model, provider }) => `${model} (${provider})`).join(", ");
}
