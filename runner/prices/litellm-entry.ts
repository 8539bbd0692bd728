import { z } from "zod";

import { type ModelPrice, ModelPrices } from "./price-list.ts";

const PerToken = z.number().nonnegative().optional();

/** One model of the public LiteLLM list (`model_prices_and_context_window.json`), as far as it is read. */
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

/** A model's price under its own id, or why there is none. */
export type EntryReading =
  | { readonly id: string; readonly price: ModelPrice }
  | { readonly leftOut: string };

/** Houses that sell models of their own under their own ids; what others resell has other prices. */
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
/** An id is shown on terminals: no control characters. */
const PRINTABLE = /^\P{C}+$/u;

/** Reads one entry; nothing of it is guessed. */
export function readLitellmEntry(name: string, value: unknown): EntryReading {
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

/** The list writes 0 also where nobody knows. */
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
  // Ten digits: 3e-7 per token is 0.3 per million, and not 0.29999999999999999.
  return Number((perToken * PER_MILLION).toPrecision(10));
}

/** Only where a search costs the same whatever its size: the size is not told. */
function searchPrice({ search_context_cost_per_query: bySize = {} }: Entry): number | undefined {
  const [price, ...others] = new Set(Object.values(bySize));
  return price === undefined || price === 0 || others.length > 0 ? undefined : price;
}

const THRESHOLD = /^input_cost_per_token_above_(\d{1,4})k_tokens$/;

/** The first step; no known model has a second. */
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
