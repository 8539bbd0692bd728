import type { ResolvedBudgets } from "../../gateway/budgets/resolve-budgets.ts";
import type { PriceBook } from "../../gateway/prices/price-book.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { type Configuration, type Provider, modelsOf } from "./configuration.ts";
import type { CostMeasure } from "./cost-measure.ts";

/** A model of the experiment that has no price. */
export interface UnpricedModel {
  readonly model: string;
  readonly provider: string;
}

/**
 * Chooses the measure of cost. Without a request it is dollars if every model has a price or is paid by a
 * plan, otherwise tokens. Scripted models cost nothing, so for them only the user's own prices give dollars.
 * @throws ConfigurationError if dollars are requested and a model has no price.
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

/** Lists the configured models that no price list contains, each with its provider. */
export function unpricedModels(asked: PricedProviders): readonly UnpricedModel[] {
  return withoutPrice(asked, ({ routes, ...provider }) => [
    ...modelsOf([provider]).map((model) => ({ model, upstream: provider.upstream })),
    ...routes.flatMap(({ model, upstream }) => (model === null ? [] : [{ model, upstream }])),
  ]);
}

/** The same, without models that a plan pays for, which are those at the provider's own upstream. */
function uncostedModels({ providers, prices }: PricedProviders): readonly UnpricedModel[] {
  const paidByPlan = providers.filter(({ plan }) => plan !== undefined);
  const others = providers.filter(({ plan }) => plan === undefined);
  return [
    ...unpricedModels({ providers: others, prices }),
    ...withoutPrice({ providers: paidByPlan, prices }, ({ model, upstream, routes }) =>
      routes
        .filter((route) => route.upstream !== upstream)
        .map((route) => ({ model: route.model ?? model, upstream: route.upstream })),
    ),
  ];
}

function withoutPrice(
  { providers, prices }: PricedProviders,
  pick: (provider: Provider) => readonly { readonly model: string; readonly upstream: string }[],
): readonly UnpricedModel[] {
  return providers.flatMap((provider) => {
    const unpriced = pick(provider).filter(
      ({ model, upstream }) => prices.find(prices.nameAt(upstream, model)) === undefined,
    );
    return [...new Set(unpriced.map(({ model }) => model))].map((model) => ({
      model,
      provider: provider.id,
    }));
  });
}

/** `glm-x (claude-glm)`. */
export function sayModels(models: readonly UnpricedModel[]): string {
  return models.map(({ model, provider }) => `${model} (${provider})`).join(", ");
}

/**
 * Refuses a comparison that a plan's meter can't support: it shows the usage of the whole account, not of
 * a single window or agent.
 * @throws ConfigurationError
 */
export function refuseUnmeasuredPlans(
  asked: Pick<Configuration, "providers" | "cost" | "costScope" | "design">,
): void {
  const paid = asked.providers.find(({ plan }) => plan !== undefined);
  if (paid === undefined || asked.cost !== "usd") return;
  if (asked.costScope === "subagents") {
    throw new ConfigurationError(
      `analysis.cost_scope: expected window because ${paid.id} is paid by a plan, got subagents: its meter does not count sub-agents separately. Write cost_scope: window, cost: tokens, or leave the plan out.`,
    );
  }
  if (asked.design.concurrency > 1) {
    throw new ConfigurationError(
      `design.concurrency: expected 1 because ${paid.id} is paid by a plan, got ${String(asked.design.concurrency)}: its meter does not count simultaneous windows separately. Write concurrency: 1, cost: tokens, or leave the plan out.`,
    );
  }
}

/**
 * Refuses a budget in dollars if a model of a provider or a route has no price.
 * @throws ConfigurationError
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
    `${budget.givenBy}: expected a price for every model under a budget of dollars, got none for ${sayModels(unpriced)}. Write prices for them under "prices", or a budget of tokens.`,
  );
}
