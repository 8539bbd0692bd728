import type { Usage } from "../../domain/usage.ts";
import { member, readCounters } from "./counters.ts";

/** Input contains the tokens that were read from a cache or written to it; output contains reasoning. */
export interface OpenaiCounts {
  readonly input?: number | undefined;
  readonly read?: number | undefined;
  readonly written?: number | undefined;
  readonly output?: number | undefined;
  readonly reasoning?: number | undefined;
}

/** Counts in the canonical form; null if a part is larger than its whole, for nobody knows which of them is wrong. */
export function usageOfOpenai(said: OpenaiCounts, requests: number): Usage | null {
  const { output, reasoning } = said;
  const prompt = splitInput(said);
  if (prompt === null) return null;
  return {
    ...prompt,
    ...(output === undefined ? {} : { output }),
    // A part can't be larger than its whole: it is not known then.
    ...(reasoning === undefined || reasoning > (output ?? 0) ? {} : { reasoning }),
    requests,
  };
}

function splitInput({ input, read, written }: OpenaiCounts) {
  if (input === undefined) return {};
  const uncached = input - (read ?? 0) - (written ?? 0);
  if (uncached < 0) return null;
  return {
    input_uncached: uncached,
    ...(read === undefined ? {} : { cache_read: read }),
    // Nobody says how long a write is kept.
    ...(written === undefined ? {} : { cache_write_5m: written }),
  };
}

/** The input and its cached part, as a sentence shows them. */
export function showCached({ input = 0, read = 0, written = 0 }: OpenaiCounts): string {
  return `${String(input)} of input and ${String(read + written)} cached`;
}

/**
 * One answer's usage; null if it states neither side, or can't be right.
 * @param side names of the two counters; their details have the same names with `_details`.
 */
export function readOpenaiUsage(
  usage: unknown,
  side: { readonly input: string; readonly output: string },
): Usage | null {
  const said = readCounters(usage, side);
  if (said.input === undefined && said.output === undefined) return null;
  const counts = {
    ...said,
    ...readCounters(member(usage, `${side.input}_details`), {
      read: "cached_tokens",
      written: "cache_write_tokens",
    }),
    ...readCounters(member(usage, `${side.output}_details`), { reasoning: "reasoning_tokens" }),
  };
  return usageOfOpenai(counts, 1);
}
