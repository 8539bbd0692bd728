import { z } from "zod";

import type { Usage } from "../domain/usage.ts";

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

/** The fault of tokens that can't be right, for a problem; undefined if they can. */
export function faultOfCodex(said: CodexTokens): string | undefined {
  const cached = (said.cached_input_tokens ?? 0) + (said.cache_write_input_tokens ?? 0);
  if (cached <= said.input_tokens) return undefined;
  const got = `${String(said.input_tokens)} of input and ${String(cached)} cached`;
  return `Expected input_tokens to contain the cached tokens, got ${got}.`;
}

/** Tokens without a fault in the canonical form. */
export function usageOfCodex(said: CodexTokens, requests: number): Usage {
  const {
    input_tokens: input,
    cached_input_tokens: read,
    cache_write_input_tokens: written,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
  } = said;
  return {
    input_uncached: input - (read ?? 0) - (written ?? 0),
    ...(read === undefined ? {} : { cache_read: read }),
    // Codex does not say how long a write is kept.
    ...(written === undefined ? {} : { cache_write_5m: written }),
    output,
    // A part can't be larger than its whole: it is not known then.
    ...(reasoning === undefined || reasoning > output ? {} : { reasoning }),
    requests,
  };
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
