import { z } from "zod";

import type { Usage } from "./usage.ts";

/** Which token classes a figure counts: `uncached` leaves cache reads out. `billable` needs prices and comes with them. */
export const TokenBasis = z.enum(["all", "uncached"]);
export type TokenBasis = z.infer<typeof TokenBasis>;

/** Tokens of a usage in the given basis (DESIGN: input, cache writes and output; `all` adds cache reads). */
export function tokensIn(basis: TokenBasis, usage: Usage): number {
  const uncached =
    (usage.input_uncached ?? 0) +
    (usage.cache_write_5m ?? 0) +
    (usage.cache_write_1h ?? 0) +
    (usage.output ?? 0);
  return basis === "all" ? uncached + (usage.cache_read ?? 0) : uncached;
}
