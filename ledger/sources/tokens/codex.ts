import { z } from "zod";

import { type Counted, type OpenaiCounts, usageOfOpenai } from "./openai.ts";

const Tokens = z.int().nonnegative();

/** Tokens as Codex states them: input contains cached tokens, output contains reasoning. */
export const CodexTokens = z.looseObject({
  input_tokens: Tokens,
  cached_input_tokens: Tokens.optional(),
  cache_write_input_tokens: Tokens.optional(),
  output_tokens: Tokens,
  reasoning_output_tokens: Tokens.optional(),
});
export type CodexTokens = z.infer<typeof CodexTokens>;

const CLASSES = [
  "input_tokens",
  "cached_input_tokens",
  "cache_write_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
] as const;

/** What the same tokens are called in the API's answers. */
export function countsOfCodex(said: CodexTokens): OpenaiCounts {
  return {
    input: said.input_tokens,
    read: said.cached_input_tokens,
    written: said.cache_write_input_tokens,
    output: said.output_tokens,
    reasoning: said.reasoning_output_tokens,
  };
}

export function usageOfCodex(said: CodexTokens, requests: number): Counted {
  return usageOfOpenai(countsOfCodex(said), requests);
}

/** What a count has grown by; null if one of its classes has fallen. */
export function growthOf(now: CodexTokens, before: CodexTokens): CodexTokens | null {
  const grown = CLASSES.flatMap((name) => {
    const value = now[name];
    return value === undefined ? [] : [[name, value - (before[name] ?? 0)] as const];
  });
  if (grown.some(([, value]) => value < 0)) return null;
  return CodexTokens.parse(Object.fromEntries(grown));
}

export function isNothing(tokens: CodexTokens): boolean {
  return CLASSES.every((name) => (tokens[name] ?? 0) === 0);
}

/** The five numbers of a count, as part of an id. */
export function printTokens(tokens: CodexTokens): string {
  return CLASSES.map((name) => String(tokens[name] ?? 0)).join(".");
}
