import { z } from "zod";

import { Billing } from "./billing.ts";

const Tokens = z.int().nonnegative();

/** Tokens of one or more requests in one canonical form; what a source does not say is absent, not 0. */
export const Usage = z
  .strictObject({
    input_uncached: Tokens.optional(),
    cache_read: Tokens.optional(),
    cache_write_5m: Tokens.optional(),
    cache_write_1h: Tokens.optional(),
    output: Tokens.optional(),
    /** A part of `output`, never to be added to it. */
    reasoning: Tokens.optional(),
    /** Searches that the vendor's server made for the answer; they are not tokens. */
    web_searches: z.int().nonnegative().optional(),
    requests: z.int().nonnegative(),
    /** What decides the price besides the tokens; absent if the answer states nothing unusual. */
    billing: Billing.optional(),
  })
  .readonly();
export type Usage = z.infer<typeof Usage>;

/** The counters of a usage that a source may omit, in the order of the rows. */
export const USAGE_COUNTERS = Usage.unwrap()
  .keyof()
  .options.filter((counter) => counter !== "requests" && counter !== "billing");

export const NO_USAGE: Usage = { requests: 0 };

/** Whether a source said any of the tokens; 0 is said too. */
export function hasTokens(usage: Usage): boolean {
  return USAGE_COUNTERS.some((counter) => usage[counter] !== undefined);
}

/** Whether a usage states its prompt, in any class. */
export function statesPrompt(usage: Usage): boolean {
  const { input_uncached, cache_read, cache_write_5m, cache_write_1h } = usage;
  return [input_uncached, cache_read, cache_write_5m, cache_write_1h].some(
    (tokens) => tokens !== undefined,
  );
}

/** Whether an answer's usage states both its prompt and its output. */
export function statesAll(usage: Usage | null): boolean {
  return usage !== null && usage.output !== undefined && statesPrompt(usage);
}

/** Adds usages, without their billing. The sum lacks a counter only if every part lacks it. */
export function sumUsage(parts: readonly Usage[]): Usage {
  const sum: { -readonly [Key in keyof Usage]: Usage[Key] } = { requests: 0 };
  for (const part of parts) {
    sum.requests += part.requests;
    for (const counter of USAGE_COUNTERS) {
      const tokens = part[counter];
      if (tokens !== undefined) sum[counter] = (sum[counter] ?? 0) + tokens;
    }
  }
  return sum;
}
