import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { Driver } from "../../agents/drivers/driver.ts";
import { driverOf } from "../../agents/drivers/registry.ts";
import type { PriceBook } from "../../gateway/prices/price-book.ts";
import { type Provider, modelsOf } from "./configuration.ts";

const DAY_MS = 86_400_000;
/** Vendors changed a price of some model about every month. */
const DAYS_MAX = 30;

type Asking = Pick<Driver, "name" | "otherModels">;

interface Asked {
  readonly prices: PriceBook;
  readonly nowMs: number;
  readonly drivers: readonly Asking[];
  /** Only lists with one of these models are looked at; absent: all lists. */
  readonly models?: readonly string[];
}

/** Says which lists of prices are old, and which models without a price an agent asks by itself. */
export function noticePrices(asked: Asked): readonly string[] {
  return [...sayOld(asked), ...sayUnpricedOthers(asked)];
}

type Asker = Pick<Provider, "driver" | "model" | "routes" | "upstream" | "workflow">;

/** The same for the providers of an experiment. */
export function noticePricesOf(
  providers: readonly Asker[],
  { prices, nowMs }: Pick<Asked, "prices" | "nowMs">,
): readonly string[] {
  const drivers = new Map(providers.map((one) => [one.driver, driverOf(one)] as const));
  const models = providers.flatMap((provider) => {
    const others = drivers.get(provider.driver)?.otherModels ?? [];
    return [
      ...[...modelsOf([provider]), ...others].map((model) => ({
        model,
        upstream: provider.upstream,
      })),
      ...provider.routes.flatMap(({ model, upstream }) =>
        model === null ? [] : [{ model, upstream }],
      ),
    ].map(({ model, upstream }) => prices.nameAt(upstream, model));
  });
  return noticePrices({ prices, nowMs, drivers: [...drivers.values()], models });
}

function sayOld({ prices, nowMs, models }: Asked): readonly string[] {
  const used = new Set(models?.flatMap((model) => prices.find(model)?.list ?? []));
  return prices.lists.flatMap(({ name, as_of: asOf }) => {
    if (asOf === undefined || (models !== undefined && !used.has(name))) return [];
    const days = Math.floor((nowMs - epochMsOf(asOf)) / DAY_MS);
    return days <= DAYS_MAX
      ? []
      : [
          `The prices of ${name} are ${String(days)} days old (${asOf}). Renew them: experiment prices refresh --help`,
        ];
  });
}

function sayUnpricedOthers({ prices, drivers }: Asked): readonly string[] {
  return drivers.flatMap(({ name, otherModels = [] }) => {
    const unpriced = otherModels.filter((model) => prices.find(model) === undefined);
    return unpriced.length === 0
      ? []
      : [
          `No price for models that ${name} asks by itself: ${unpriced.join(", ")}. A budget of dollars refuses them. Without one, costs become lower bounds; with cost_scope: subagents, they are unknown.`,
        ];
  });
}
