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

/** Counts in the canonical form, or why they can't be right: then any of them may be wrong. */
export type Counted =
  | { readonly usage: Usage; readonly fault?: undefined }
  | { readonly usage: null; readonly fault: string };

export function usageOfOpenai(said: OpenaiCounts, requests: number): Counted {
  const { input, output, reasoning } = said;
  const fault = faultIn(said);
  if (fault !== undefined) return { usage: null, fault };
  const usage = {
    ...(input === undefined ? {} : splitInput(input, said)),
    ...(output === undefined ? {} : { output }),
    // A part can't be larger than its whole: it is not known then.
    ...(reasoning === undefined || reasoning > (output ?? 0) ? {} : { reasoning }),
    requests,
  };
  return { usage };
}

function faultIn({ input, read = 0, written = 0 }: OpenaiCounts): string | undefined {
  if (input === undefined || read + written <= input) return undefined;
  return `Expected input that contains the cached tokens, got ${String(input)} of input and ${String(read + written)} cached.`;
}

function splitInput(input: number, { read, written }: OpenaiCounts) {
  return {
    input_uncached: input - (read ?? 0) - (written ?? 0),
    ...(read === undefined ? {} : { cache_read: read }),
    // Nobody says how long a write is kept.
    ...(written === undefined ? {} : { cache_write_5m: written }),
  };
}

/** The names of the two counters; their details have the same names with `_details`. */
const SIDES = {
  chat: { input: "prompt_tokens", output: "completion_tokens" },
  responses: { input: "input_tokens", output: "output_tokens" },
} as const;

/** The counts of one answer; undefined if it states neither side. */
export function readOpenaiCounts(
  usage: unknown,
  api: keyof typeof SIDES,
): OpenaiCounts | undefined {
  const side = SIDES[api];
  const said = readCounters(usage, side);
  if (said.input === undefined && said.output === undefined) return undefined;
  return {
    ...said,
    ...readCounters(member(usage, `${side.input}_details`), {
      read: "cached_tokens",
      written: "cache_write_tokens",
    }),
    ...readCounters(member(usage, `${side.output}_details`), { reasoning: "reasoning_tokens" }),
  };
}
