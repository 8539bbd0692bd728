import { z } from "zod";

import { type ModelPrice, ModelPrices } from "./price-list.ts";

/** The prices from a LiteLLM list, and the names that were left out, by reason. */
export interface LitellmReading {
  readonly models: ModelPrices;
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
}

/** The entry that describes the fields of the list. */
const SAMPLE = "sample_spec";
const ENTRIES_MAX = 50_000;

/** Reads a parsed LiteLLM list; null if the document is not one. */
export function readLitellm(document: unknown): LitellmReading | null {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return null;
  const entries = Object.entries(document).filter(([name]) => name !== SAMPLE);
  if (entries.length > ENTRIES_MAX) return null;
  const models = new Map<string, ModelPrice>();
  const leftOut = new Map<string, string[]>();
  for (const [name, value] of entries) {
    const reading = readLitellmEntry(name, value);
    if ("price" in reading) {
      // A model's own name has priority over the name under a vendor.
      if (reading.id === name || !models.has(reading.id)) models.set(reading.id, reading.price);
    } else {
      const names = leftOut.get(reading.leftOut);
      if (names === undefined) leftOut.set(reading.leftOut, [name]);
      else names.push(name);
    }
  }
  if (models.size === 0) return null;
  const sorted = [...models].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return { models: Object.fromEntries(sorted), leftOut };
}

const PerToken = z.number().nonnegative().optional();

/** The fields that are read from one model of the public LiteLLM list (`model_prices_and_context_window.json`). */
const Entry = z.looseObject({
  litellm_provider: z.string(),
  mode: z.string().optional(),
  input_cost_per_token: PerToken,
  output_cost_per_token: PerToken,
  cache_read_input_token_cost: PerToken,
  cache_creation_input_token_cost: PerToken,
  cache_creation_input_token_cost_above_1hr: PerToken,
  search_context_cost_per_query: z.record(z.string(), z.number().nonnegative()).optional(),
});
type Entry = z.infer<typeof Entry>;

/** A model's price under its own id, or the reason why it was left out. */
type EntryReading =
  | { readonly id: string; readonly price: ModelPrice }
  | { readonly leftOut: string };

/** Vendors that sell their own models under their own ids. Resellers have other prices. */
const HOUSES: readonly string[] = [
  "anthropic",
  "openai",
  "zai",
  "moonshot",
  "deepseek",
  "gemini",
  "xai",
  "mistral",
];
const MODES: readonly string[] = ["chat", "responses"];
const PER_MILLION = 1e6;
/** Terminals show ids, so an id contains no control characters. */
const PRINTABLE = /^\P{C}+$/u;

/** Reads one entry without guessing. */
function readLitellmEntry(name: string, value: unknown): EntryReading {
  const entry = Entry.safeParse(value).data;
  if (entry === undefined) return { leftOut: "not in the list's form" };
  const { litellm_provider: house, mode = "chat" } = entry;
  if (!HOUSES.includes(house)) return { leftOut: "sold by another house" };
  if (!MODES.includes(mode)) return { leftOut: "no model that writes text" };
  const price = priceOf(entry);
  if (price === undefined) return { leftOut: "no price, or a price of 0" };
  const id = name.startsWith(`${house}/`) ? name.slice(house.length + 1) : name;
  const isWhole = PRINTABLE.test(id) && ModelPrices.safeParse({ [id]: price }).success;
  return isWhole ? { id, price } : { leftOut: "not in the list's form" };
}

/** Returns no price for 0, because the list also writes 0 for unknown prices. */
function priceOf(entry: Entry): ModelPrice | undefined {
  const input = perMillion(entry.input_cost_per_token);
  const output = perMillion(entry.output_cost_per_token);
  if (input === undefined || output === undefined) return undefined;
  return {
    input,
    output,
    ...present("cache_read", perMillion(entry.cache_read_input_token_cost)),
    ...present("cache_write_5m", perMillion(entry.cache_creation_input_token_cost)),
    ...present("cache_write_1h", perMillion(entry.cache_creation_input_token_cost_above_1hr)),
    ...present("web_search", searchPrice(entry)),
    ...present("long_prompt", longPrompt(entry)),
  };
}

function perMillion(perToken: unknown): number | undefined {
  if (typeof perToken !== "number" || perToken <= 0) return undefined;
  // Rounded to ten digits: 3e-7 per token is 0.3 per million, not 0.29999999999999999.
  return Number((perToken * PER_MILLION).toPrecision(10));
}

/** Returns a price only if all sizes of search cost the same, because answers do not state the size. */
function searchPrice({ search_context_cost_per_query: bySize = {} }: Entry): number | undefined {
  const [price, ...others] = new Set(Object.values(bySize));
  return price === undefined || price === 0 || others.length > 0 ? undefined : price;
}

const THRESHOLD = /^input_cost_per_token_above_(\d{1,4})k_tokens$/;

/** Reads the first step. No known model has a second. */
function longPrompt(entry: Entry): ModelPrice["long_prompt"] {
  const thousands = Object.keys(entry)
    .map((field) => THRESHOLD.exec(field)?.[1])
    .find((found) => found !== undefined);
  if (thousands === undefined) return undefined;
  const of = (field: string) => perMillion(entry[`${field}_above_${thousands}k_tokens`]);
  const [input, output] = [of("input_cost_per_token"), of("output_cost_per_token")];
  if (input === undefined || output === undefined) return undefined;
  return {
    above_tokens: Number(thousands) * 1000,
    input,
    output,
    ...present("cache_read", of("cache_read_input_token_cost")),
    ...present("cache_write_5m", of("cache_creation_input_token_cost")),
    ...present("cache_write_1h", of("cache_creation_input_token_cost_above_1hr")),
  };
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  // A computed key loses its name in the type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}
