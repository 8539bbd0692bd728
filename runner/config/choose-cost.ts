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
 * Dollars where every model that a provider is configured to ask has a price, or is paid for by the
 * provider's plan, else tokens. Where
 * all models are scripted nobody is paid, so that only prices of the user's own make it dollars.
 * @throws ConfigurationError where dollars are asked for and a model has no price.
 */
export function chooseCost(
  asked: CostMeasure | undefined,
  { providers, prices }: Pick<Configuration, "providers" | "prices">,
): CostMeasure {
  if (asked === "tokens") return "tokens";
  const unpriced = uncostedModels({ providers, prices });
  if (asked === "usd" && unpriced.length > 0) {
    throw new ConfigurationError(
      `analysis.cost: expected a price for every model, got none for ${sayModels(unpriced)}. Write prices for them under "prices", or cost: tokens.`,
    );
  }
  if (asked === "usd") return "usd";
  const isPaid =
    prices.hasOwn ||
    providers.some(({ credential, plan }) => credential.mode !== "scripted" || plan !== undefined);
  return isPaid && unpriced.length === 0 ? "usd" : "tokens";
}

interface PricedProviders {
  readonly providers: readonly Provider[];
  readonly prices: PriceBook;
}

/** The models that the configuration names and no list has, each with the providers that ask it. */
export function unpricedModels(asked: PricedProviders): readonly UnpricedModel[] {
  return withoutPrice(asked, ({ model, routes }) => [
    model,
    ...routes.flatMap((route) => route.model ?? []),
  ]);
}

/** The same but for models that a plan pays for: those at its provider's own upstream. */
function uncostedModels(asked: PricedProviders): readonly UnpricedModel[] {
  const paidByPlan = asked.providers.filter(({ plan }) => plan !== undefined);
  const others = asked.providers.filter(({ plan }) => plan === undefined);
  return [
    ...unpricedModels({ ...asked, providers: others }),
    ...withoutPrice({ ...asked, providers: paidByPlan }, ({ model, upstream, routes }) =>
      routes.filter((route) => route.upstream !== upstream).map((route) => route.model ?? model),
    ),
  ];
}

function withoutPrice(
  { providers, prices }: PricedProviders,
  modelsOf: (provider: Provider) => readonly string[],
): readonly UnpricedModel[] {
  return providers.flatMap((provider) =>
    [...new Set(modelsOf(provider))]
      .filter((model) => prices.find(model) === undefined)
      .map((model) => ({ model, provider: provider.id })),
  );
}

/** `glm-x (claude-glm)`. */
export function sayModels(models: readonly UnpricedModel[]): string {
  return models.map(({ model, provider }) => `${model} (${provider})`).join(", ");
}
