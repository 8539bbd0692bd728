import { canonicalSha256 } from "../../../ledger/domain/canonical-sha256.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import { isPeak } from "./peak-hours.ts";
import type { ModelPrice, PriceList } from "./price-list.ts";

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
  /** Finds a price by the exact id or the id without its date; undefined if no list has it. */
  find(model: string): FoundPrice | undefined;
  /** Dollars of a request; null where the model has no price (or a class it used has none). */
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
  const priceOf = (model: string | null) => (model === null ? undefined : find(model)?.price);
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
    dollars: (model, usage, atMs) => {
      const price = priceOf(model);
      return price === undefined ? null : dollars(price, usage, atMs);
    },
    billableTokens: (model, usage, _atMs) => {
      const price = priceOf(model);
      return price === undefined ? null : billableTokens(price, usage);
    },
  };
}

/** A price and the list that has it. */
interface FoundPrice {
  /** The id in the list, e.g. `claude-sonnet-4-5` for `claude-sonnet-4-5-20250929`. */
  readonly model: string;
  readonly list: string;
  readonly price: ModelPrice;
}

/** The date that vendors append to an id: `-20250929`, `-2025-08-07`, `@20250929`. */
const DATE_SUFFIX = /[-@]20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])$/;

/** Finds a model's price in the first list that has its id, exact or without its date. Similar ids never match. */
function findPrice(lists: readonly PriceList[], model: string): FoundPrice | undefined {
  const undated = model.replace(DATE_SUFFIX, "");
  for (const { name, models } of lists) {
    for (const id of new Set([model, undated])) {
      const price = Object.hasOwn(models, id) ? models[id] : undefined;
      if (price !== undefined) return { model: id, list: name, price };
    }
  }
  return undefined;
}

/** A price for display, with remarks about special conditions. */
export interface ListedPrice extends FoundPrice {
  readonly remarks: readonly string[];
}

/** Lists every model of a book once, with its valid price, sorted by id. */
export function listPrices({ lists }: PriceBook): readonly ListedPrice[] {
  const prices = new Map<string, ListedPrice>();
  for (const { name, models } of lists) {
    for (const [model, price] of Object.entries(models)) {
      if (!prices.has(model)) {
        prices.set(model, { model, list: name, price, remarks: remarksOn(price) });
      }
    }
  }
  return [...prices.values()].toSorted((left, right) => (left.model < right.model ? -1 : 1));
}

function remarksOn({ long_prompt: long, peak }: ModelPrice): readonly string[] {
  return [
    ...(long === undefined
      ? []
      : [
          `prompts above ${String(long.above_tokens)} tokens: ${String(long.input)} in, ${String(long.output)} out`,
        ]),
    ...(peak === undefined
      ? []
      : [
          `${String(peak.factor)} times from ${peak.from} to ${peak.to} ${peak.zone}${peak.days === undefined ? "" : ` (${peak.days.join(", ")})`}`,
        ]),
  ];
}

const TOKENS_PER_PRICE = 1_000_000;
/** Ten decimal places: a single cheap token still counts, noise of the arithmetic does not. */
const ROUNDING = 1e10;

const CLASSES = [
  ["input_uncached", "input"],
  ["cache_read", "cache_read"],
  ["cache_write_5m", "cache_write_5m"],
  ["cache_write_1h", "cache_write_1h"],
  ["output", "output"],
] as const;

type Rates = Pick<ModelPrice, (typeof CLASSES)[number][1]>;

/**
 * Dollars of one request that was made at a moment (epoch ms). Null if the answer stated neither
 * its input nor its output, or where a class that it used has no price.
 */
function dollars(price: ModelPrice, usage: Usage, atMs: number): number | null {
  const tokens = tokenDollars(ratesOf(price, usage), usage);
  const searches = searchDollars(price, usage);
  if (tokens === null || searches === null) return null;
  const factor = price.peak !== undefined && isPeak(price.peak, atMs) ? price.peak.factor : 1;
  return Math.round((tokens + searches) * factor * ROUNDING) / ROUNDING;
}

/**
 * Tokens of all classes, with cache reads and writes weighted by their price against plain input,
 * rounded up. Null where a class that was used has no price, or plain input is free.
 */
function billableTokens(price: ModelPrice, usage: Usage): number | null {
  const rates = ratesOf(price, usage);
  let sum = 0;
  for (const [counter, rate] of CLASSES) {
    const tokens = usage[counter] ?? 0;
    if (tokens === 0) continue;
    const weight = counter === "output" ? 1 : weightOf(rates[rate], rates.input);
    if (weight === null) return null;
    sum += tokens * weight;
  }
  return Math.ceil(Math.round(sum * ROUNDING) / ROUNDING);
}

function weightOf(rate: number | undefined, input: number): number | null {
  return rate === undefined || input === 0 ? null : rate / input;
}

function tokenDollars(rates: Rates, usage: Usage): number | null {
  if (!tellsBothEnds(usage)) return null;
  let sum = 0;
  for (const [counter, rate] of CLASSES) {
    const tokens = usage[counter] ?? 0;
    if (tokens === 0) continue;
    const dollarsPerMillion = rates[rate];
    if (dollarsPerMillion === undefined) return null;
    sum += (tokens * dollarsPerMillion) / TOKENS_PER_PRICE;
  }
  return sum;
}

/** An answer that states only one of them would be priced too low. */
function tellsBothEnds({ output, ...usage }: Usage): boolean {
  const input =
    usage.input_uncached ?? usage.cache_read ?? usage.cache_write_5m ?? usage.cache_write_1h;
  return input !== undefined && output !== undefined;
}

function searchDollars({ web_search: perSearch }: ModelPrice, usage: Usage): number | null {
  const searches = usage.web_searches ?? 0;
  if (searches === 0) return 0;
  return perSearch === undefined ? null : searches * perSearch;
}

function ratesOf({ long_prompt: long, ...price }: ModelPrice, usage: Usage): Rates {
  const prompt =
    (usage.input_uncached ?? 0) +
    (usage.cache_read ?? 0) +
    (usage.cache_write_5m ?? 0) +
    (usage.cache_write_1h ?? 0);
  return long !== undefined && prompt > long.above_tokens ? long : price;
}
