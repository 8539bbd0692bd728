import { type BillingDraft, unusualName } from "../../domain/billing.ts";
import { member, readCounters, readTokens } from "./counters.ts";
import type { OpenaiCounts } from "./openai.ts";
import { uncachedSound } from "./uncached-sound.ts";

const NAMES = {
  prompt: "promptTokenCount",
  tools: "toolUsePromptTokenCount",
  cached: "cachedContentTokenCount",
  candidates: "candidatesTokenCount",
  thoughts: "thoughtsTokenCount",
};

/** The prompt contains its cached tokens; it counts thoughts apart from candidates, and both are output. */
export type GeminiCounts = { readonly [Name in keyof typeof NAMES]?: number | undefined };

export function readGeminiCounts(usageMetadata: unknown): GeminiCounts {
  return readCounters(usageMetadata, NAMES);
}

/** The same counts as OpenAI would state them; undefined if they state neither side. */
export function countsOfGemini({
  prompt,
  tools = 0,
  cached,
  candidates,
  thoughts,
}: GeminiCounts): OpenaiCounts | undefined {
  if (prompt === undefined && candidates === undefined) return undefined;
  const hasOutput = candidates !== undefined || thoughts !== undefined;
  return {
    ...(prompt === undefined ? {} : { input: prompt + tools, read: cached }),
    ...(hasOutput ? { output: (candidates ?? 0) + (thoughts ?? 0) } : {}),
    reasoning: thoughts,
  };
}

/** Vertex AI names the tier behind the kind of traffic: `ON_DEMAND_FLEX`. */
const TRAFFIC = /^on_demand_/i;

/** What a usage states about its price. */
export function readGeminiBilling(usageMetadata: unknown): BillingDraft {
  const traffic = member(usageMetadata, "trafficType");
  const kind = typeof traffic === "string" ? traffic.replace(TRAFFIC, "") : undefined;
  const output = member(usageMetadata, "candidatesTokensDetails");
  return {
    tier: unusualName(member(usageMetadata, "serviceTier") ?? kind),
    ...uncachedSound({
      ...readGeminiCounts(usageMetadata),
      sound: tokensOf("AUDIO", member(usageMetadata, "promptTokensDetails")),
      cachedSound: cachedSoundIn(usageMetadata),
    }),
    audio_output: tokensOf("AUDIO", output),
    image_output: tokensOf("IMAGE", output),
  };
}

/** Details that do not list sound have none. */
function cachedSoundIn(usageMetadata: unknown): number | undefined {
  const details = member(usageMetadata, "cacheTokensDetails");
  return Array.isArray(details) ? (tokensOf("AUDIO", details) ?? 0) : undefined;
}

function tokensOf(modality: string, details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const own = details.find((part: unknown) => member(part, "modality") === modality);
  const tokens = readTokens(own, "tokenCount");
  return tokens === 0 ? undefined : tokens;
}

/** Searches of one candidate; undefined if it made none. */
export function readGeminiSearches(candidate: unknown): number | undefined {
  const queries = member(member(candidate, "groundingMetadata"), "webSearchQueries");
  return Array.isArray(queries) && queries.length > 0 ? queries.length : undefined;
}
