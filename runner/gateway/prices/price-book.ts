import { canonicalSha256 } from "../../../ledger/domain/canonical-sha256.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import { type ModelAlias, ownIds, vendorIds } from "./model-aliases.ts";
import type { DatedPrice, ModelPrice, PriceList } from "./price-list.ts";
import {
  peaksOf,
  priceOn,
  requestDollars,
  rounded,
  stepsOf,
  weighTokens,
} from "./request-dollars.ts";

/** The prices of an experiment. They do not change once the book is open. */
export interface PriceBook {
  /** Names of its lists, the user's own first, e.g. `prices.yaml + counterbalance`. */
  readonly name: string;
  /** `YYYY-MM-DD`: the newest date of its lists. */
  readonly asOf: string | null;
  /** Hex digest of the canonical JSON of all its lists. */
  readonly sha256: string;
  /** In the order of the search. */
  readonly lists: readonly PriceList[];
  /** Whether the user gave own prices. */
  readonly hasOwn: boolean;
  /** Finds a price by the id, without its date or behind a gateway's prefix; undefined if no list has it. */
  find(model: string): FoundPrice | undefined;
  /**
   * The name by which lists have the price of a model at an upstream: `NAME/model`, exact or without its date,
   * if the user wrote a price for it, otherwise the model's own id.
   */
  nameAt(upstream: string | null, model: string): string;
  /**
   * Dollars of a request: what its answer states, or else by the lists. Null where neither has a price for
   * the model and all that the request used.
   */
  dollars(model: string | null, usage: Usage, atMs: number): number | null;
  /**
   * Tokens with cache reads and writes weighted by their price against plain input, rounded up
   * (basis `billable`); null where the model has no price.
   */
  billableTokens(model: string | null, usage: Usage, atMs: number): number | null;
}

/** Opens lists as one book; the earlier list is asked first. */
export function openPriceBook(lists: { own: PriceList | null; shipped: PriceList }): PriceBook {
  const all = lists.own === null ? [lists.shipped] : [lists.own, lists.shipped];
  const find = (model: string): FoundPrice | undefined => findPrice(all, model);
  const foundFor = (model: string | null) => (model === null ? undefined : find(model));
  const byLists: PriceBook["dollars"] = (model, usage, atMs) => {
    const found = foundFor(model);
    const dollars = found === undefined ? null : requestDollars(found.price, usage, atMs);
    return dollars === null || found === undefined ? null : rounded(dollars * found.factor);
  };
  return {
    name: all.map(({ name }) => name).join(" + "),
    asOf:
      all
        .flatMap(({ as_of: asOf }) => asOf ?? [])
        .toSorted()
        .at(-1) ?? null,
    sha256: canonicalSha256(all),
    lists: all,
    hasOwn: lists.own !== null,
    find,
    nameAt: (upstream, model) => {
      // Shipped ids with a slash are those of OpenRouter.
      const own = lists.own?.models ?? {};
      const names = ownIds(model).map((id) => `${upstream ?? ""}/${id}`);
      return names.find((name) => Object.hasOwn(own, name)) ?? model;
    },
    dollars: (model, usage, atMs) => usage.billing?.stated_usd ?? byLists(model, usage, atMs),
    billableTokens: (model, usage, atMs) => {
      const price = foundFor(model)?.price;
      return price === undefined ? null : weighTokens(price, usage, atMs);
    },
  };
}

/** Dollars of a request to a model at an upstream. */
export function askedDollars(
  book: Pick<PriceBook, "dollars" | "nameAt">,
  { model, upstream }: { readonly model: string | null; readonly upstream: string | null },
  ...request: readonly [usage: Usage, atMs: number]
): number | null {
  return book.dollars(model && book.nameAt(upstream, model), ...request);
}

/** A price and the list that has it. */
interface FoundPrice {
  /** The id in the list, e.g. `claude-sonnet-4-5` for `claude-sonnet-4-5-20250929`. */
  readonly model: string;
  readonly list: string;
  readonly price: ModelPrice;
  /** How many times the price a request costs, because its gateway asks more. */
  readonly factor: number;
}

/**
 * Finds a model's price in the first list that has its id, exact or without its date, or else the id of
 * its vendor behind a gateway's. Similar ids never match.
 */
function findPrice(lists: readonly PriceList[], model: string): FoundPrice | undefined {
  const own = ownIds(model).map((id) => ({ id, factor: 1 }));
  return findFirst(lists, own) ?? findFirst(lists, vendorIds(model));
}

function findFirst(
  lists: readonly PriceList[],
  ids: readonly ModelAlias[],
): FoundPrice | undefined {
  for (const { name, models } of lists) {
    for (const { id, factor } of ids) {
      const price = Object.hasOwn(models, id) ? models[id] : undefined;
      if (price !== undefined) return { model: id, list: name, price, factor };
    }
  }
  return undefined;
}

/** A price for display, with remarks about special conditions. */
export interface ListedPrice extends Omit<FoundPrice, "factor" | "price"> {
  /** Null before the first day of its first price. */
  readonly price: ModelPrice | null;
  readonly remarks: readonly string[];
}

/** Lists every model of a book once, with the price that is valid at a moment (epoch ms), sorted by id. */
export function listPrices({ lists }: PriceBook, atMs: number): readonly ListedPrice[] {
  const prices = new Map<string, ListedPrice>();
  for (const { name, models } of lists) {
    for (const [model, price] of Object.entries(models)) {
      if (!prices.has(model)) prices.set(model, { model, list: name, ...showPrice(price, atMs) });
    }
  }
  return [...prices.values()].toSorted((left, right) => (left.model < right.model ? -1 : 1));
}

/** The same price, with that of the day first and all others as those of other days. */
function showPrice(price: ModelPrice, atMs: number): Pick<ListedPrice, "price" | "remarks"> {
  const valid = priceOn(price, atMs);
  if (valid === price) return { price, remarks: remarksOn(price) };
  const { earlier = [], source, ...first } = price;
  const others = [first, ...earlier].filter((each) => each !== valid);
  if (valid === undefined) return { price: null, remarks: others.map(remarkOnDay) };
  const today = { ...valid, earlier: others, ...(source === undefined ? {} : { source }) };
  return { price: today, remarks: remarksOn(today) };
}

function remarksOn(price: ModelPrice): readonly string[] {
  const { tiers = {}, regions = {}, since, earlier = [] } = price;
  return [
    ...stepsOf(price).map(
      (step) =>
        `prompts above ${String(step.above_tokens)} tokens: ${String(step.input)} in, ${String(step.output)} out`,
    ),
    ...Object.entries({ ...tiers, ...regions }).map(([name, tier]) =>
      typeof tier === "number"
        ? `${name}: ${String(tier)} times`
        : `${name}: ${String(tier.input)} in, ${String(tier.output)} out`,
    ),
    ...peaksOf(price).map(
      (peak) =>
        `${String(peak.factor)} times from ${peak.from} to ${peak.to} ${peak.zone}${peak.days === undefined ? "" : ` (${peak.days.join(", ")})`}`,
    ),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...earlier.map(remarkOnDay),
  ];
}

function remarkOnDay({ since, input, output }: DatedPrice): string {
  return `${since === undefined ? "before" : `since ${since}`}: ${String(input)} in, ${String(output)} out`;
}
