import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { Driver } from "../../agents/drivers/driver.ts";
import { driverOf } from "../../agents/drivers/registry.ts";
import type { PriceBook } from "../../gateway/prices/price-book.ts";
import { chooseRoute } from "../../gateway/proxy/routes/choose-route.ts";
import { type Provider, modelsOf } from "./configuration.ts";

const DAY_MS = 86_400_000;
/** Vendors changed a price of some model about every month. */
const DAYS_MAX = 30;

interface Asked {
  readonly prices: PriceBook;
  readonly nowMs: number;
}

/** A model that an agent asks by itself, at an upstream. */
interface OtherModel {
  readonly agent: string;
  readonly model: string;
  readonly upstream: string;
}

/** Says which lists have an odd date, and which models without a price these agents ask by themselves. */
export function noticePrices(
  asked: Asked & { readonly drivers: readonly Pick<Driver, "name" | "otherModels" | "vendor">[] },
): readonly string[] {
  const others = asked.drivers.flatMap(({ name, vendor, otherModels = [] }) =>
    otherModels.map((model) => ({ agent: name, model, upstream: vendor })),
  );
  return [...sayOddDates(asked.prices.lists, asked.nowMs), ...sayUnpriced(others, asked.prices)];
}

type Asker = Pick<Provider, "driver" | "model" | "routes" | "upstream" | "workflow">;

/** The same for the providers of an experiment. Only lists with a price of their models are looked at. */
export function noticePricesOf(
  providers: readonly Asker[],
  { prices, nowMs }: Asked,
): readonly string[] {
  const others = providers.flatMap(otherModelsOf);
  const asked = [
    ...others,
    ...providers.flatMap((provider) => [
      ...modelsOf([provider]).map((model) => ({ model, upstream: provider.upstream })),
      ...provider.routes.flatMap(({ model, upstream }) =>
        model === null ? [] : [{ model, upstream }],
      ),
    ]),
  ];
  const used = new Set(
    asked.flatMap(({ model, upstream }) => findAt(prices, { model, upstream })?.list ?? []),
  );
  const lists = prices.lists.filter(({ name }) => used.has(name));
  return [...sayOddDates(lists, nowMs), ...sayUnpriced(others, prices)];
}

function otherModelsOf(provider: Asker): readonly OtherModel[] {
  const { name: agent, otherModels = [] } = driverOf(provider);
  return otherModels.flatMap((model) =>
    upstreamsFor(model, provider).map((upstream) => ({ agent, model, upstream })),
  );
}

/** All upstreams that requests for a model may go to as it is. The draw of a share may end either way. */
function upstreamsFor(model: string, { routes, upstream }: Asker): readonly string[] {
  const shared = routes.filter(({ when }) => when.share !== undefined);
  return [null, ...shared].flatMap((drawn) => {
    const rules = routes.flatMap((route) => {
      if (!shared.includes(route)) return route;
      return route === drawn ? { ...route, when: { ...route.when, share: 1 } } : [];
    });
    return [null, "any"].flatMap((subagentId) => {
      const { rule } = chooseRoute({ rules, seed: "" }, { subagentId, model, nth: 1 });
      if (rule === null) return upstream;
      return rule.model === null ? rule.upstream : [];
    });
  });
}

function findAt(prices: PriceBook, { model, upstream }: Omit<OtherModel, "agent">) {
  return prices.find(prices.nameAt(upstream, model));
}

function sayOddDates(lists: PriceBook["lists"], nowMs: number): readonly string[] {
  return lists.flatMap(({ name, as_of: asOf }) => {
    if (asOf === undefined) return [];
    const days = Math.floor((nowMs - epochMsOf(asOf)) / DAY_MS);
    // East of Greenwich, the next day has already begun.
    if (days < -1) {
      return `The prices of ${name} are of a day in the future (${asOf}). Correct as_of in this list.`;
    }
    if (days <= DAYS_MAX) return [];
    return `The prices of ${name} are ${String(days)} days old (${asOf}). Renew them: experiment prices refresh --help`;
  });
}

function sayUnpriced(others: readonly OtherModel[], prices: PriceBook): readonly string[] {
  const unpriced = others.filter((other) => findAt(prices, other) === undefined);
  return [...new Set(unpriced.map(({ agent }) => agent))].map((name) => {
    const models = unpriced.flatMap(({ agent, model }) => (agent === name ? model : []));
    return `No price for models that ${name} asks by itself: ${[...new Set(models)].join(", ")}. A budget of dollars refuses them. Without one, costs become lower bounds; with cost_scope: subagents, they are unknown.`;
  });
}
