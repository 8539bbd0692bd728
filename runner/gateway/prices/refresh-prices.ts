import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { stringify } from "yaml";
import { z } from "zod";

import { RefusedError, reasonOf } from "../../../ledger/domain/errors.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { CONFIGURATION_BYTES_MAX, readYamlFile } from "../../platform/yaml/read-yaml-file.ts";
import {
  type ModelPrice,
  ModelPrices,
  type PriceList,
  PriceList as PriceListSchema,
} from "./price-list.ts";

/** The output file contains prices of another source. */
class OwnPricesError extends RefusedError {}

/** A refreshed list, and what was left out of it. */
export interface RefreshedPrices extends Pick<LitellmReading, "leftOut"> {
  readonly list: PriceList;
}

const BYTES_MAX = 32 * 1024 * 1024;
const SOURCE = "LiteLLM";

/**
 * Writes a price list made from a local copy of the public LiteLLM list. Without `asOf`, its date is the
 * day of the copy.
 * @throws ConfigurationError if the copy is not that list, OwnPricesError if the output has other prices.
 */
export function refreshPrices({
  from,
  out,
  asOf,
}: {
  readonly from: string;
  readonly out: string;
  readonly asOf: string | undefined;
}): RefreshedPrices {
  const { text, modifiedMs } = readCopy(from);
  const reading = readLitellm(parse(text, from));
  if (reading === null) {
    throw new ConfigurationError(
      `${from}: expected the public LiteLLM list (model_prices_and_context_window.json), got something else. Name a copy of that file.`,
    );
  }
  refuseOwnPrices(out);
  const digest = createHash("sha256").update(text).digest("hex");
  const list: PriceList = {
    name: path.basename(out, path.extname(out)),
    as_of: asOf ?? timestampOf(modifiedMs).slice(0, "YYYY-MM-DD".length),
    source: `${SOURCE}, ${path.basename(from)}, SHA-256 ${digest}`,
    models: reading.models,
  };
  refuseOddDate(list);
  const written = out.endsWith(".json") ? `${JSON.stringify(list, null, 2)}\n` : stringify(list);
  refuseTooMany(written, from);
  write(out, written);
  return { list, leftOut: reading.leftOut };
}

/** A list with an invalid date could not be read back. The models are already checked. */
function refuseOddDate(list: PriceList): void {
  if (PriceListSchema.safeParse(list).success) return;
  throw new ConfigurationError(
    `--as-of ${String(list.as_of)}: expected a day of the calendar. Write e.g. --as-of 2026-01-31.`,
  );
}

function refuseTooMany(written: string, from: string): void {
  const bytes = Buffer.byteLength(written);
  if (bytes <= CONFIGURATION_BYTES_MAX) return;
  throw new ConfigurationError(
    `${from}: expected prices that fill at most ${String(CONFIGURATION_BYTES_MAX)} bytes, got ${String(bytes)}. Leave models that you don't use out of the copy.`,
  );
}

function write(out: string, text: string): void {
  try {
    writeFileSync(out, text);
  } catch (cause) {
    throw new ConfigurationError(
      `${out}: expected a file that can be written, got: ${reasonOf(cause)}. Name another with --out.`,
    );
  }
}

function readCopy(file: string): { readonly text: string; readonly modifiedMs: number } {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status?.isFile() !== true) {
    throw new ConfigurationError(
      `${file}: expected a copy of the public LiteLLM list, got ${status === undefined ? "nothing" : "no file"}. Download model_prices_and_context_window.json and name it.`,
    );
  }
  if (status.size > BYTES_MAX) {
    throw new ConfigurationError(
      `${file}: expected at most ${String(BYTES_MAX)} bytes, got ${String(status.size)}. Name a copy of the LiteLLM list.`,
    );
  }
  return { text: readFileSync(file, "utf8"), modifiedMs: status.mtimeMs };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ""));
  } catch {
    throw new ConfigurationError(
      `${file}: expected JSON, got something else. Name a whole copy of the LiteLLM list.`,
    );
  }
}

/** A refresh may overwrite a list that a refresh wrote, but never prices that a user typed. */
function refuseOwnPrices(out: string): void {
  if (!existsSync(out) || readYamlFile(out, PriceListSchema).source?.startsWith(SOURCE) === true)
    return;
  throw new OwnPricesError(
    `${out}: expected no file, or one that a refresh wrote, got prices of another source. Write to another file with --out.`,
  );
}

/** The prices from a LiteLLM list, and the names that were left out, by reason. */
interface LitellmReading {
  readonly models: ModelPrices;
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
}

/** The entry that describes the fields of the list. */
const SAMPLE = "sample_spec";
const ENTRIES_MAX = 50_000;

/** Reads a parsed LiteLLM list; null if the document is not one. */
function readLitellm(document: unknown): LitellmReading | null {
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
