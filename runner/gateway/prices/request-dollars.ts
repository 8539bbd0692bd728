import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { statesAll, type Usage } from "../../../ledger/domain/usage.ts";
import { isPeak } from "./peak-hours.ts";
import type { DatedPrice, LongPrompt, ModelPrice, TierPrice } from "./price-list.ts";

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

/** Parts of a class that have a price of their own. */
const PARTS = [
  ["audio_input", "input"],
  ["audio_output", "output"],
  ["image_output", "output"],
] as const;

type Rates = Omit<TierPrice, "long_prompt">;

/** A price of the day, with its rates for the tier and the prompt of one request. */
interface Chosen {
  readonly price: DatedPrice;
  readonly rates: Rates;
  readonly factor: number;
}

/**
 * Dollars of one request that was made at a moment (epoch ms). Null unless the answer states both
 * its input and its output, or where a class, tier, region or tool that it used has no price.
 */
export function requestDollars(price: ModelPrice, usage: Usage, atMs: number): number | null {
  const chosen = chooseRates(price, usage, atMs);
  if (chosen === null || usage.billing?.unpriced !== undefined) return null;
  const tokens = tokenDollars(chosen.rates, usage);
  const tools = toolDollars(chosen.price, usage);
  if (tokens === null || tools === null) return null;
  const peak = peaksOf(chosen.price).find((hours) => isPeak(hours, atMs));
  return rounded((tokens * chosen.factor + tools) * (peak?.factor ?? 1));
}

/**
 * Tokens of all classes, with cache reads and writes weighted by their price against plain input,
 * rounded up. Null where a class that was used has no price, or plain input is free.
 */
export function weighTokens(price: ModelPrice, usage: Usage, atMs: number): number | null {
  const { billing: _billing, ...tokensOnly } = usage;
  const rates = chooseRates(price, tokensOnly, atMs)?.rates;
  if (rates === undefined) return null;
  let sum = 0;
  for (const [counter, rate] of CLASSES) {
    const tokens = usage[counter] ?? 0;
    if (tokens === 0) continue;
    const weight = counter === "output" ? 1 : weightOf(rates[rate], rates.input);
    if (weight === null) return null;
    sum += tokens * weight;
  }
  return Math.ceil(rounded(sum));
}

export function rounded(dollars: number): number {
  return Math.round(dollars * ROUNDING) / ROUNDING;
}

/** The price in force on the day of a moment (UTC); undefined before the first. */
export function priceOn(price: ModelPrice, atMs: number): DatedPrice | undefined {
  const day = timestampOf(atMs).slice(0, "YYYY-MM-DD".length);
  return [price, ...(price.earlier ?? [])]
    .filter(({ since = "" }) => since <= day)
    .toSorted((left, right) => ((left.since ?? "") < (right.since ?? "") ? -1 : 1))
    .at(-1);
}

function chooseRates(model: ModelPrice, usage: Usage, atMs: number): Chosen | null {
  const price = priceOn(model, atMs);
  if (price === undefined) return null;
  const { tier, region } = usage.billing ?? {};
  const tiered = tier === undefined ? price : price.tiers?.[tier];
  const regional = region === undefined ? 1 : price.regions?.[region];
  if (tiered === undefined || regional === undefined) return null;
  const isFactor = typeof tiered === "number";
  const rates = ratesFor(isFactor ? price : tiered, usage);
  return { price, rates, factor: regional * (isFactor ? tiered : 1) };
}

/** The last step that the prompt passes has the rates of the whole request. */
function ratesFor(price: TierPrice, usage: Usage): Rates {
  const prompt =
    (usage.input_uncached ?? 0) +
    (usage.cache_read ?? 0) +
    (usage.cache_write_5m ?? 0) +
    (usage.cache_write_1h ?? 0);
  return stepsOf(price).findLast((step) => prompt > step.above_tokens) ?? price;
}

/** The steps of a price by the length of the prompt, the lowest first. */
export function stepsOf({ long_prompt: long = [] }: TierPrice): readonly LongPrompt[] {
  return [long].flat().toSorted((left, right) => left.above_tokens - right.above_tokens);
}

/** The hours in which a price is higher. */
export function peaksOf({ peak = [] }: DatedPrice) {
  return [peak].flat();
}

function weightOf(rate: number | undefined, input: number): number | null {
  return rate === undefined || input === 0 ? null : rate / input;
}

function tokenDollars(rates: Rates, usage: Usage): number | null {
  if (!statesAll(usage)) return null;
  const tokens = new Map<keyof Rates, number>();
  for (const [counter, rate] of CLASSES) tokens.set(rate, usage[counter] ?? 0);
  for (const [part, whole] of PARTS) {
    const own = usage.billing?.[part] ?? 0;
    tokens.set(part, own);
    tokens.set(whole, Math.max(0, (tokens.get(whole) ?? 0) - own));
  }
  let sum = 0;
  for (const [rate, count] of tokens) {
    if (count === 0) continue;
    const dollarsPerMillion = rates[rate];
    if (dollarsPerMillion === undefined) return null;
    sum += (count * dollarsPerMillion) / TOKENS_PER_PRICE;
  }
  return sum;
}

function toolDollars({ web_search, tool_calls }: DatedPrice, usage: Usage): number | null {
  const prices: Readonly<Record<string, number | undefined>> = { ...tool_calls, web_search };
  const calls = { ...usage.billing?.tool_calls, web_search: usage.web_searches ?? 0 };
  let sum = 0;
  for (const [tool, count] of Object.entries(calls)) {
    if (count === 0) continue;
    const perCall = prices[tool];
    if (perCall === undefined) return null;
    sum += count * perCall;
  }
  return sum;
}
