import { z } from "zod";

import type { Usage } from "./usage.ts";

/**
 * Which token classes a figure counts: `uncached` leaves cache reads out, `billable` weighs cache
 * reads and writes by their price against plain input.
 */
export const TokenBasis = z.enum(["all", "uncached", "billable"]);
export type TokenBasis = z.infer<typeof TokenBasis>;

/**
 * Tokens of a usage in the given basis (input, cache writes and output; `all` adds cache reads).
 * Without prices `billable` counts as `all`, which is never less.
 */
export function tokensIn(basis: TokenBasis, usage: Usage): number {
  const uncached =
    (usage.input_uncached ?? 0) +
    (usage.cache_write_5m ?? 0) +
    (usage.cache_write_1h ?? 0) +
    (usage.output ?? 0);
  return basis === "uncached" ? uncached : uncached + (usage.cache_read ?? 0);
}
