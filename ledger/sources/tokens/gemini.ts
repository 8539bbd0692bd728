import { readCounters } from "./counters.ts";
import type { OpenaiCounts } from "./openai.ts";

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
