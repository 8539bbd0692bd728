import type { Usage } from "../../ledger/domain/usage.ts";
import type { PromptRequest } from "./messages-request.ts";
import type { ModelProfile } from "./profile.ts";

const CHARACTERS_PER_TOKEN = 4;
/** What stays outside the cache of a cached prompt: the few tokens after the last marked block. */
const TOKENS_AFTER_CACHE = 7;

/** The prompt's tokens as `count_tokens` tells them: four characters of JSON to a token. */
export function countPromptTokens(request: PromptRequest, profile: ModelProfile): number {
  const { system = "", tools = [], messages } = request;
  return profile.input_overhead_tokens + estimate([system, tools, messages]);
}

/**
 * The usage of one answer. Where the profile caches and the request marks a block, the prompt of
 * the previous turn is read from the cache and its growth is written to it, as 1h where the
 * request asks for that lifetime.
 */
export function dealUsage(
  request: PromptRequest,
  profile: ModelProfile,
  outputTokens: number,
): Usage {
  const promptTokens = countPromptTokens(request, profile);
  const json = JSON.stringify(request);
  const isCached = profile.cache && json.includes('"cache_control":');
  const hasLongLife = /"cache_control":\{[^}]*"ttl":"1h"/.test(json);
  const cacheable = isCached ? Math.max(0, promptTokens - TOKENS_AFTER_CACHE) : 0;
  const cacheRead = Math.min(cacheable, isCached ? previousTokens(request, profile) : 0);
  const written = cacheable - cacheRead;
  return {
    input_uncached: promptTokens - cacheable,
    cache_read: cacheRead,
    cache_write_5m: hasLongLife ? 0 : written,
    cache_write_1h: hasLongLife ? written : 0,
    output: outputTokens,
    requests: 1,
  };
}

/** The same usage in the words of the Messages API. */
export function wireUsage(usage: Usage): Readonly<Record<string, unknown>> {
  const { cache_write_5m = 0, cache_write_1h = 0 } = usage;
  return {
    input_tokens: usage.input_uncached ?? 0,
    cache_creation_input_tokens: cache_write_5m + cache_write_1h,
    cache_read_input_tokens: usage.cache_read ?? 0,
    cache_creation: {
      ephemeral_5m_input_tokens: cache_write_5m,
      ephemeral_1h_input_tokens: cache_write_1h,
    },
    output_tokens: usage.output ?? 0,
    service_tier: "standard",
  };
}

function previousTokens(request: PromptRequest, profile: ModelProfile): number {
  const lastAnswer = request.messages.findLastIndex((message) => message.role === "assistant");
  if (lastAnswer < 1) return 0;
  return countPromptTokens(
    { ...request, messages: request.messages.slice(0, lastAnswer) },
    profile,
  );
}

function estimate(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / CHARACTERS_PER_TOKEN);
}
