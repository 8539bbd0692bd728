import { member } from "../metering/json-value.ts";
import { readTokens } from "../metering/read-tokens.ts";

/** The prompt's side of a usage, as far as it is said. */
export interface PromptTokens {
  readonly input_uncached?: number;
  readonly cache_read?: number;
  readonly cache_write_5m?: number;
  readonly cache_write_1h?: number;
}

export function readPromptTokens(usage: unknown): PromptTokens {
  const input = readTokens(usage, "input_tokens");
  const cacheRead = readTokens(usage, "cache_read_input_tokens");
  return {
    ...(input === undefined ? {} : { input_uncached: input }),
    ...(cacheRead === undefined ? {} : { cache_read: cacheRead }),
    ...readCacheWrites(usage),
  };
}

/** Writes are five-minute ones unless the answer says otherwise, as the vendor's default is. */
function readCacheWrites(usage: unknown): PromptTokens {
  const total = readTokens(usage, "cache_creation_input_tokens");
  const split = member(usage, "cache_creation");
  const fiveMinutes = readTokens(split, "ephemeral_5m_input_tokens");
  const oneHour = readTokens(split, "ephemeral_1h_input_tokens");
  if (fiveMinutes === undefined && oneHour === undefined) {
    return total === undefined ? {} : { cache_write_5m: total };
  }
  const unsplit = Math.max(0, (total ?? 0) - (fiveMinutes ?? 0) - (oneHour ?? 0));
  return { cache_write_5m: (fiveMinutes ?? 0) + unsplit, cache_write_1h: oneHour ?? 0 };
}

export function promptTotal(prompt: PromptTokens): number {
  return (
    (prompt.input_uncached ?? 0) +
    (prompt.cache_read ?? 0) +
    (prompt.cache_write_5m ?? 0) +
    (prompt.cache_write_1h ?? 0)
  );
}
