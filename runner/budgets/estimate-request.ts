import type { Usage } from "../../ledger/domain/usage.ts";

/** What the earlier requests of a stream took. */
export interface StreamHistory {
  /** The last prompt, tokens of the basis. */
  readonly lastPrompt: number;
  /** The same in token classes, without the answer's. */
  readonly lastClasses: Usage;
  /** Exponentially weighted moving average. */
  readonly meanOutput: number;
}

/** What a request is expected to take. */
export interface RequestEstimate {
  /** Of the basis. */
  readonly tokens: number;
  /** In token classes; the first that has a price is what it is expected to cost. */
  readonly usages: readonly Usage[];
}

const BYTES_PER_TOKEN = 4;
/** Weight of the newest output in the moving average: about the last five requests count. */
const NEWEST_WEIGHT = 1 / 3;

/**
 * What to set aside for a request: of a stream's first its body's bytes / 4, later the last prompt
 * plus the average output. Never `max_tokens`: clients ask for 128 000 to say "hi".
 */
export function estimateRequest(
  bodyBytes: number,
  history: StreamHistory | undefined,
): RequestEstimate {
  if (history === undefined) {
    const tokens = Math.max(1, Math.ceil(bodyBytes / BYTES_PER_TOKEN));
    return { tokens, usages: [{ input_uncached: tokens, output: 0, requests: 1 }] };
  }
  const { lastPrompt, lastClasses, meanOutput } = history;
  const output = Math.ceil(meanOutput);
  // Where a class has no price of its own, all of the prompt counts as plain input.
  const plain = { input_uncached: promptOf(lastClasses), output, requests: 1 };
  return {
    tokens: Math.max(1, Math.ceil(lastPrompt + meanOutput)),
    usages: [{ ...lastClasses, output }, plain],
  };
}

/** The stream's history with one more answer in it. */
export function extendHistory(
  history: StreamHistory | undefined,
  { usage, tokens }: { readonly usage: Usage; /** Of the basis. */ readonly tokens: number },
): StreamHistory {
  const { output = 0, reasoning: _reasoning, web_searches: _searches, ...lastClasses } = usage;
  const lastPrompt = Math.max(0, tokens - output);
  if (history === undefined) return { lastPrompt, lastClasses, meanOutput: output };
  return {
    lastPrompt,
    lastClasses,
    meanOutput: history.meanOutput + NEWEST_WEIGHT * (output - history.meanOutput),
  };
}

function promptOf({
  input_uncached = 0,
  cache_read = 0,
  cache_write_5m = 0,
  cache_write_1h = 0,
}: Usage): number {
  return input_uncached + cache_read + cache_write_5m + cache_write_1h;
}
