import type { Usage } from "../../ledger/domain/usage.ts";
import type { PromptRequest } from "./messages-request.ts";
import type { ModelProfile } from "./profile.ts";

const CHARACTERS_PER_TOKEN = 4;
/** Tokens after the last marked block, which stay outside the cache. */
const TOKENS_AFTER_CACHE = 7;

/** The prompt's tokens, as `count_tokens` returns them: four characters of JSON for each token. */
export function countPromptTokens(request: PromptRequest, profile: ModelProfile): number {
  const { system = "", tools = [], messages } = request;
  return profile.input_overhead_tokens + estimate([system, tools, messages]);
}

/**
 * The usage of one answer. If the profile caches and the request marks a block, the answer reads the
 * previous turn's prompt from the cache and writes the rest to it, for 1h if the request asks so.
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
