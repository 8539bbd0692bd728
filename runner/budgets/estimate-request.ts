import { type TokenBasis, tokensIn } from "../../ledger/domain/token-basis.ts";
import type { Usage } from "../../ledger/domain/usage.ts";

/** What the earlier requests of a stream took, in one basis; tokens. */
export interface StreamHistory {
  readonly lastPrompt: number;
  /** Exponentially weighted moving average. */
  readonly meanOutput: number;
}

const BYTES_PER_TOKEN = 4;
/** Weight of the newest output in the moving average: about the last five requests count. */
const NEWEST_WEIGHT = 1 / 3;

/**
 * Tokens to set aside for a request: of a stream's first its body's bytes / 4, later the last
 * prompt plus the average output. Never `max_tokens`: clients ask for 128 000 to say "hi".
 */
export function estimateRequest(bodyBytes: number, history: StreamHistory | undefined): number {
  const tokens =
    history === undefined ? bodyBytes / BYTES_PER_TOKEN : history.lastPrompt + history.meanOutput;
  return Math.max(1, Math.ceil(tokens));
}

/** The stream's history with one more answer in it. */
export function extendHistory(
  history: StreamHistory | undefined,
  { usage, basis }: { readonly usage: Usage; readonly basis: TokenBasis },
): StreamHistory {
  const output = usage.output ?? 0;
  const lastPrompt = tokensIn(basis, usage) - output;
  if (history === undefined) return { lastPrompt, meanOutput: output };
  return {
    lastPrompt,
    meanOutput: history.meanOutput + NEWEST_WEIGHT * (output - history.meanOutput),
  };
}
