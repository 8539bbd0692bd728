import type { Usage } from "../../ledger/domain/usage.ts";
import { isPeak } from "./peak-hours.ts";
import type { ModelPrice } from "./price-list.ts";

const TOKENS_PER_PRICE = 1_000_000;
/** Ten digits behind the point: a single cheap token still counts, noise of the arithmetic does not. */
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
 * Dollars of one request that was made at a moment (epoch ms). Null where the answer told neither
 * its input nor its output, or where a class that it used has no price.
 */
export function dollars(price: ModelPrice, usage: Usage, atMs: number): number | null {
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
export function billableTokens(price: ModelPrice, usage: Usage): number | null {
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

/** An answer that tells but one of them would be priced too low. */
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
