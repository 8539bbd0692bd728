import { type Billing, billingOf } from "../../../ledger/domain/billing.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";

/** The usage of the earlier requests of a stream. */
export interface StreamHistory {
  /** The last prompt, tokens of the basis. */
  readonly lastPrompt: number;
  /** The same by token class, without the answer. */
  readonly lastClasses: Usage;
  /** Exponentially weighted moving average. */
  readonly meanOutput: number;
}

const BYTES_PER_TOKEN = 4;
/** Weight of the newest output in the moving average, so that about the last five requests count. */
const NEWEST_WEIGHT = 1 / 3;

/** Tokens of a body of that size, at least 1. */
export function tokensBySize(bodyBytes: number): number {
  return Math.max(1, Math.ceil(bodyBytes / BYTES_PER_TOKEN));
}

/**
 * Estimates a request. For the first request of a stream: bytes of the body / 4. Later: the last prompt
 * plus the average output. Never `max_tokens`, because clients request 128 000 tokens to say "hi".
 */
export function estimateRequest(bodyBytes: number, history: StreamHistory | undefined) {
  if (history === undefined) {
    const tokens = tokensBySize(bodyBytes);
    return { tokens, usages: [{ input_uncached: tokens, output: 0, requests: 1 }] };
  }
  const { lastPrompt, lastClasses, meanOutput } = history;
  const output = Math.ceil(meanOutput);
  // If a class has no price of its own, the whole prompt counts as plain input.
  const plain = { input_uncached: promptOf(lastClasses), output, requests: 1 };
  return {
    tokens: Math.max(1, Math.ceil(lastPrompt + meanOutput)),
    usages: [{ ...lastClasses, output }, plain],
  };
}

/** Adds an answer to the history of a stream. */
export function extendHistory(
  history: StreamHistory | undefined,
  { usage, tokens }: { readonly usage: Usage; /** Tokens of the basis. */ readonly tokens: number },
): StreamHistory {
  const { output = 0, reasoning: _reasoning, web_searches: _searches, billing, ...classes } = usage;
  const lastClasses = { ...classes, ...likeLast(billing) };
  const lastPrompt = Math.max(0, tokens - output);
  if (history === undefined) return { lastPrompt, lastClasses, meanOutput: output };
  return {
    lastPrompt,
    lastClasses,
    meanOutput: history.meanOutput + NEWEST_WEIGHT * (output - history.meanOutput),
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
