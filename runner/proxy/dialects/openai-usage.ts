import type { Usage } from "../../../ledger/domain/usage.ts";
import { member } from "../metering/json-value.ts";
import { readTokens } from "../metering/read-tokens.ts";

/** Where one of OpenAI's APIs has its counters. */
export interface CounterNames {
  readonly input: string;
  readonly inputDetails: string;
  readonly output: string;
  readonly outputDetails: string;
}

/**
 * A usage whose input has the cached tokens inside: they are taken out, so that the canonical
 * classes add up to the vendor's total. null where neither side is said.
 */
export function readOpenaiUsage(usage: unknown, names: CounterNames): Usage | null {
  const input = readTokens(usage, names.input);
  const output = readTokens(usage, names.output);
  if (input === undefined && output === undefined) return null;
  const inputDetails = member(usage, names.inputDetails);
  const reasoning = readTokens(member(usage, names.outputDetails), "reasoning_tokens");
  return {
    ...(input === undefined ? {} : splitInput(input, inputDetails)),
    ...(output === undefined ? {} : { output }),
    ...(reasoning === undefined ? {} : { reasoning }),
    requests: 1,
  };
}

function splitInput(input: number, details: unknown): Omit<Usage, "requests"> {
  const cached = readTokens(details, "cached_tokens");
  const written = readTokens(details, "cache_write_tokens");
  const inside = (cached ?? 0) + (written ?? 0);
  // A part that is larger than the whole is absurd: only the whole is believed.
  if (inside > input) return { input_uncached: input };
  return {
    input_uncached: input - inside,
    ...(cached === undefined ? {} : { cache_read: cached }),
    ...(written === undefined ? {} : { cache_write_5m: written }),
  };
}
