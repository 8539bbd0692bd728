import { z } from "zod";

import type { LongPrompt, ModelPrice } from "./price-list.ts";
import { CatalogueReader, type CatalogueReading, present } from "./read-catalogue.ts";

/** The entry that describes the fields of the list. */
const SAMPLE = "sample_spec";

/** Reads the public LiteLLM list (`model_prices_and_context_window.json`). */
export function readLitellm(document: object): CatalogueReading {
  const reader = new CatalogueReader();
  for (const [name, value] of Object.entries(document)) {
    if (name !== SAMPLE) readEntry(reader, name, value);
  }
  return reader.read();
}

const PerToken = z.number().nonnegative().optional();

/** The fields that every entry with a price has. */
const Entry = z.looseObject({
  litellm_provider: z.string(),
  mode: z.string().optional(),
  input_cost_per_token: PerToken,
  output_cost_per_token: PerToken,
  search_context_cost_per_query: z.record(z.string(), z.number().nonnegative()).optional(),
  tiered_pricing: z.array(z.looseObject({ range: z.array(z.number()).optional() })).optional(),
});
type Entry = z.infer<typeof Entry>;

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
  "minimax",
  "dashscope",
];
const MODES: readonly string[] = ["chat", "responses"];

/** Reads one entry without guessing. */
function readEntry(reader: CatalogueReader, name: string, value: unknown): void {
  const entry = Entry.safeParse(value).data;
  if (entry === undefined) return reader.leaveOut(name, "not in the list's form");
  const { litellm_provider: house, mode = "chat" } = entry;
  if (!HOUSES.includes(house)) return reader.leaveOut(name, "sold by another house");
  if (!MODES.includes(mode)) return reader.leaveOut(name, "no model that writes text");
  const fields = new PriceFields(entry);
  const price = priceOf(fields, entry);
  if (price === undefined) return reader.leaveOut(name, "no price, or a price of 0");
  const id = name.startsWith(`${house}/`) ? name.slice(house.length + 1) : name;
  // A model's own name has priority over the name under a vendor.
  if (!reader.take({ name, id, price, isOwnName: id === name })) return;
  for (const field of [...fields.unread(), ...unreadInRanges(entry)]) reader.leaveOutField(field);
}

const PER_MILLION = 1e6;

/** The figures of an entry, and which of them were read. */
class PriceFields {
  readonly #entry: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(entry: Readonly<Record<string, unknown>>) {
    this.#entry = entry;
  }

  /** Returns no price for 0, because the list also writes 0 for unknown prices. */
  perMillion(field: string): number | undefined {
    const figure = this.#entry[field];
    if (typeof figure !== "number" || figure <= 0) return undefined;
    // Rounded to ten digits: 3e-7 per token is 0.3 per million, not 0.29999999999999999.
    return Number((figure * PER_MILLION).toPrecision(10));
  }

  /** The same, as read. */
  take(field: string): number | undefined {
    this.mark(field);
    return this.perMillion(field);
  }

  per(field: string, calls: number): number | undefined {
    const perMillion = this.take(field);
    return perMillion === undefined ? undefined : perMillion / PER_MILLION / calls;
  }

  /** Names of fields by a pattern whose first group is a number. */
  numbered(pattern: RegExp): readonly number[] {
    const found = Object.keys(this.#entry).flatMap((field) => pattern.exec(field)?.[1] ?? []);
    return found.map(Number).toSorted((left, right) => left - right);
  }

  /** Another reader has read this field. */
  mark(field: string): void {
    this.#read.add(field);
  }

  /** Fields that may state a price above 0 and that nothing has read. */
  unread(): readonly string[] {
    return Object.entries(this.#entry)
      .filter(
        ([field, value]) => !NO_PRICE.test(field) && !this.#read.has(field) && isFigure(value),
      )
      .map(([field]) => field);
  }
}

/** Fields that certainly state no price. All others may. */
const NO_PRICE =
  /^(?:supports_|supported_|max_|[rt]pm$|litellm_provider$|mode$|source$|metadata$|comment$|deprecation_date$|display_name$|model_v|tool_use_system_prompt_tokens$)/;
function isFigure(value: unknown): boolean {
  return typeof value === "boolean" ? false : Boolean(value);
}

/** Tiers, by the ending of their fields. */
const TIERS = { batch: "_batches", flex: "_flex", priority: "_priority" } as const;

function priceOf(fields: PriceFields, entry: Entry): ModelPrice | undefined {
  const classes = classesOf(fields, "") ?? firstStep(entry);
  if (classes === undefined) return undefined;
  if (entry.tiered_pricing?.every(({ range }) => range !== undefined) === true) {
    fields.mark("tiered_pricing");
  }
  const tiers = Object.entries(TIERS).flatMap(([name, ending]) => {
    const tier = classesOf(fields, ending);
    const steps = tier === undefined ? [] : stepsIn(fields, ending);
    return tier === undefined ? [] : [[name, { ...tier, ...longPrompt(steps) }] as const];
  });
  return {
    ...classes,
    ...present({
      audio_input: fields.take("input_cost_per_audio_token"),
      audio_output: fields.take("output_cost_per_audio_token"),
      image_output: fields.take("output_cost_per_image_token"),
      web_search: searchPrice(entry, fields),
    }),
    ...toolCalls(fields.per("file_search_cost_per_1k_calls", 1000)),
    ...longPrompt([...stepsIn(fields, ""), ...rangesOf(entry)]),
    ...(tiers.length === 0 ? {} : { tiers: Object.fromEntries(tiers) }),
  };
}

type Classes = Omit<LongPrompt, "above_tokens">;

function classesOf(fields: PriceFields, ending: string, above = ""): Classes | undefined {
  const nameOf = (field: string) => `${field}${above}${ending}`;
  const of = (field: string) => fields.take(nameOf(field));
  const sides = ["input_cost_per_token", "output_cost_per_token"].map(nameOf);
  const [input, output] = sides.map((field) => fields.perMillion(field));
  // A half is not used, so it is not marked as read.
  if (input === undefined || output === undefined) return undefined;
  for (const field of sides) fields.mark(field);
  return {
    input,
    output,
    ...present({
      cache_read: of("cache_read_input_token_cost"),
      cache_write_5m: of("cache_creation_input_token_cost"),
      cache_write_1h: of("cache_creation_input_token_cost_above_1hr"),
    }),
  };
}

function stepsIn(fields: PriceFields, ending: string): readonly LongPrompt[] {
  const thousands = fields.numbered(
    new RegExp(`^input_cost_per_token_above_(\\d{1,4})k_tokens${ending}$`),
  );
  return thousands.flatMap((thousand) => {
    const classes = classesOf(fields, ending, `_above_${String(thousand)}k_tokens`);
    return classes === undefined ? [] : [{ above_tokens: thousand * 1000, ...classes }];
  });
}

/** `tiered_pricing`: the prices of prompts within a range. */
function rangesOf({ tiered_pricing: ranges = [] }: Entry): readonly LongPrompt[] {
  return ranges.flatMap((range) => {
    const [from = 0] = range.range ?? [];
    const classes = classesOf(new PriceFields(range), "");
    return from === 0 || classes === undefined ? [] : [{ above_tokens: from, ...classes }];
  });
}

/** Each field of the ranges once. */
function unreadInRanges({ tiered_pricing: ranges = [] }: Entry): ReadonlySet<string> {
  const unread = ranges.flatMap((range) => {
    const fields = new PriceFields(range);
    fields.mark("range");
    classesOf(fields, "");
    return fields.unread();
  });
  return new Set(unread.map((field) => `tiered_pricing.${field}`));
}

function firstStep({ tiered_pricing: [first] = [] }: Entry): Classes | undefined {
  return first?.range?.[0] === 0 ? classesOf(new PriceFields(first), "") : undefined;
}

function longPrompt([step, ...others]: readonly LongPrompt[]): Pick<ModelPrice, "long_prompt"> {
  if (step === undefined) return {};
  return { long_prompt: others.length === 0 ? step : [step, ...others] };
}

function toolCalls(fileSearch: number | undefined): Pick<ModelPrice, "tool_calls"> {
  return fileSearch === undefined ? {} : { tool_calls: { file_search: fileSearch } };
}

/** Returns a price only if all sizes of search cost the same, because answers do not state the size. */
function searchPrice(
  { search_context_cost_per_query: bySize = {} }: Entry,
  fields: PriceFields,
): number | undefined {
  const [price, ...others] = new Set(Object.values(bySize));
  if (price === undefined || others.length > 0) return undefined;
  fields.mark("search_context_cost_per_query");
  return price === 0 ? undefined : price;
}
