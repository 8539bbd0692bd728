import { setTimeout as sleep } from "node:timers/promises";

import { ApiFailure } from "./api-failure.ts";

const TRIES_MAX = 6;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 8000;

export interface FailedTry {
  readonly failure: ApiFailure;
  readonly waitMs: number;
}

export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly onRetry: (failed: FailedTry) => void;
}

/** Tries a request again while that may help; the last failure is thrown. */
export async function retryRequests<T>(
  attempt: () => Promise<T>,
  { signal, onRetry }: RetryOptions,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiFailure) || !error.isRetryable || tries >= TRIES_MAX) throw error;
      const waitMs = error.retryAfterMs ?? backOffMs(tries);
      onRetry({ failure: error, waitMs });
      await sleep(waitMs, undefined, { signal });
    }
  }
}

function backOffMs(tries: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
}
