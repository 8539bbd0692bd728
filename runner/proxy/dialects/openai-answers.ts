import type { Usage } from "../../../ledger/domain/usage.ts";
import { errorCode, member, readCounters, readTokens, textMember } from "../metering/json-value.ts";
import type { OwnAnswer } from "./dialect.ts";

export function openaiError(status: number, message: string): OwnAnswer {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return { status, body: { error: { message, type, param: null, code: null } } };
}

/**
 * The name of an error in a document: its code, or its type if the code is a number or missing.
 * Null if the document has no error.
 */
export function readOpenaiError(document: unknown): string | null {
  const error = member(document, "error") ?? null;
  return error === null
    ? null
    : errorCode(textMember(error, "code") ?? textMember(error, "type"), "unnamed_error");
}

/**
 * Reads a usage whose input includes the cached tokens. They are subtracted, so that the canonical
 * classes add up to the vendor's total. Null if the usage states neither side.
 * @param side names of the two counters; their details have the same names with `_details`.
 */
export function readOpenaiUsage(
  usage: unknown,
  side: { readonly input: string; readonly output: string },
): Usage | null {
  const input = readTokens(usage, side.input);
  const output = readCounters(usage, { output: side.output });
  if (input === undefined && output.output === undefined) return null;
  const details = member(usage, `${side.output}_details`);
  return {
    ...(input === undefined ? {} : splitInput(input, member(usage, `${side.input}_details`))),
    ...output,
    ...readCounters(details, { reasoning: "reasoning_tokens" }),
    requests: 1,
  };
}

function splitInput(input: number, details: unknown): Omit<Usage, "requests"> {
  const inside = readCounters(details, {
    cache_read: "cached_tokens",
    cache_write_5m: "cache_write_tokens",
  });
  const uncached = input - (inside.cache_read ?? 0) - (inside.cache_write_5m ?? 0);
  // A part that is larger than the whole is absurd: only the whole counts.
  return uncached < 0 ? { input_uncached: input } : { input_uncached: uncached, ...inside };
}
