import { type Billing, billingOf } from "../../../ledger/domain/billing.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";

/** The usage of the earlier requests of a stream. */
export interface StreamHistory {
  /** The last prompt, tokens of the basis. */
  readonly lastPrompt: number;
  /** The same by token class, without the answer. */
  readonly lastClasses: Usage;
  /** The bytes of its largest request. */
  readonly mostBytes: number;
}

/** A request before its answer. */
interface AskedRequest {
  /** Bytes of the body that count. */
  readonly promptBytes: number;
  /** The output to reserve. */
  readonly output: number;
}

/** A request whose answer has stated its usage. */
interface KnownRequest {
  readonly usage: Usage;
  /** Tokens of the basis. */
  readonly tokens: number;
  /** Bytes of the body that count. */
  readonly promptBytes: number;
}

const BYTES_PER_TOKEN = 4;

/** Tokens of a body of that size, at least 1. */
export function tokensBySize(bodyBytes: number): number {
  return Math.max(1, Math.ceil(bodyBytes / BYTES_PER_TOKEN));
}

/**
 * Estimates a request. The prompt of a stream's first request: bytes of the body / 4. Later: the last
 * prompt, and the bytes / 4 by which the body is larger than all before. The output never is
 * `max_tokens` alone, because clients request 128 000 tokens to say "hi".
 */
export function estimateRequest(
  { promptBytes, output }: AskedRequest,
  history: StreamHistory | undefined,
) {
  if (history === undefined) {
    const input_uncached = tokensBySize(promptBytes);
    return { tokens: input_uncached + output, usages: [{ input_uncached, output, requests: 1 }] };
  }
  const { lastPrompt, lastClasses, mostBytes } = history;
  const growth = Math.ceil(Math.max(0, promptBytes - mostBytes) / BYTES_PER_TOKEN);
  const input_uncached = (lastClasses.input_uncached ?? 0) + growth;
  // If a class has no price of its own, the whole prompt counts as plain input.
  const plain = { input_uncached: promptOf(lastClasses) + growth, output, requests: 1 };
  return {
    tokens: Math.max(1, lastPrompt + growth + output),
    usages: [{ ...lastClasses, input_uncached, output }, plain],
  };
}

/** What an answer leaves for the estimate of the next request of its stream. */
export function historyAfter(
  { usage, tokens, promptBytes }: KnownRequest,
  { mostBytes }: Pick<StreamHistory, "mostBytes"> = { mostBytes: 0 },
): StreamHistory {
  const { output = 0, reasoning: _reasoning, web_searches: _searches, billing, ...classes } = usage;
  const lastClasses = { ...classes, ...likeLast(billing) };
  return {
    lastPrompt: Math.max(0, tokens - output),
    lastClasses,
    mostBytes: Math.max(mostBytes, promptBytes),
  };
}

/** The next answer probably has the tier and the region of the last one. The rest is its own. */
function likeLast({ tier, region }: Billing = {}): Pick<Usage, "billing"> {
  const billing = billingOf({ tier, region });
  return billing === undefined ? {} : { billing };
}

function promptOf({
  input_uncached = 0,
  cache_read = 0,
  cache_write_5m = 0,
  cache_write_1h = 0,
}: Usage): number {
  return input_uncached + cache_read + cache_write_5m + cache_write_1h;
}
