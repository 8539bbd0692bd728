import type { Usage } from "../../domain/usage.ts";
import { readCounters } from "./counters.ts";

const NAMES = {
  prompt: "promptTokenCount",
  tools: "toolUsePromptTokenCount",
  cached: "cachedContentTokenCount",
  candidates: "candidatesTokenCount",
  thoughts: "thoughtsTokenCount",
};

/** The prompt contains its cached tokens; the thoughts are beside the candidates, and both are output. */
export type GeminiCounts = { readonly [Name in keyof typeof NAMES]?: number | undefined };

export function readGeminiCounts(usageMetadata: unknown): GeminiCounts {
  return readCounters(usageMetadata, NAMES);
}

/** Counts in the canonical form; null if they state neither side. */
export function usageOfGemini(
  { prompt, tools = 0, cached, candidates, thoughts }: GeminiCounts,
  requests: number,
): Usage | null {
  if (prompt === undefined && candidates === undefined) return null;
  const hasOutput = candidates !== undefined || thoughts !== undefined;
  return {
    ...(prompt === undefined ? {} : splitInput(prompt + tools, cached)),
    ...(hasOutput ? { output: (candidates ?? 0) + (thoughts ?? 0) } : {}),
    ...(thoughts === undefined ? {} : { reasoning: thoughts }),
    requests,
  };
}

/** A part that is larger than the whole is absurd: then only the whole counts. */
function splitInput(input: number, cached: number | undefined) {
  if (cached === undefined || cached > input) return { input_uncached: input };
  return { input_uncached: input - cached, cache_read: cached };
}
