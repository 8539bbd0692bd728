import { readLitellmEntry } from "./litellm-entry.ts";
import type { ModelPrice, ModelPrices } from "./price-list.ts";

/** What was taken from a LiteLLM list, and what was not, by the reason. */
export interface LitellmReading {
  readonly models: ModelPrices;
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
}

/** The list's own description of its fields. */
const SAMPLE = "sample_spec";
const ENTRIES_MAX = 50_000;

/** Reads a parsed LiteLLM list; null where it is no such list. */
export function readLitellm(document: unknown): LitellmReading | null {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return null;
  const entries = Object.entries(document).filter(([name]) => name !== SAMPLE);
  if (entries.length > ENTRIES_MAX) return null;
  const models = new Map<string, ModelPrice>();
  const leftOut = new Map<string, string[]>();
  for (const [name, value] of entries) {
    const reading = readLitellmEntry(name, value);
    if ("price" in reading) {
      // A model's own name goes before the name that some house gives it.
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
