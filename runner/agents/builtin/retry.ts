import { setTimeout as sleep } from "node:timers/promises";

import { httpDateMs } from "../../../ledger/domain/timestamp.ts";

type RetryAdvice = Pick<ApiFailure, "isRetryable"> & Partial<Pick<ApiFailure, "retryAfterMs">>;

/** A request to the model brought no answer. */
export class ApiFailure extends Error {
  readonly isRetryable: boolean;
  /** How long the server asked to wait; absent if it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retry: RetryAdvice, options?: ErrorOptions) {
    super(message, options);
    this.name = "ApiFailure";
    this.isRetryable = retry.isRetryable;
    this.retryAfterMs = retry.retryAfterMs;
  }
}

const RETRYABLE_STATUSES = new Set([408, 409, 429]);
/** A server that asks for a longer wait does not serve this run, so the agent ends. */
const RETRY_AFTER_MS_MAX = 60_000;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What an error's status and headers say about another try. */
export function retryAdvice(status: number, headers: Headers): RetryAdvice {
  const shouldRetry = headers["x-should-retry"];
  const retryAfterMs = readRetryAfter(headers["retry-after"], headers["date"]);
  const isPassing = RETRYABLE_STATUSES.has(status) || status >= 500 || shouldRetry === "true";
  const isTooLong = retryAfterMs !== undefined && retryAfterMs > RETRY_AFTER_MS_MAX;
  return { isRetryable: isPassing && shouldRetry !== "false" && !isTooLong, retryAfterMs };
}

type HeaderValue = Headers[string];

/** Reads seconds, or a date. A date is a moment of the server's clock, so the answer's own date is now. */
function readRetryAfter(value: HeaderValue, date: HeaderValue): number | undefined {
  if (typeof value !== "string") return undefined;
  if (/^\d{1,9}(\.\d{1,3})?$/.test(value)) return Number(value) * 1000;
  const until = httpDateMs(value);
  const now = httpDateMs(String(date));
  return until === null || now === null ? undefined : Math.max(0, until - now);
}

const TRIES_MAX = 6;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 8000;

/** Tries a request again while that may help, and throws the last failure. */
export async function retryRequests<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  onRetry: (failure: ApiFailure, waitMs: number) => void,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiFailure) || !error.isRetryable || tries >= TRIES_MAX) throw error;
      const backOffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
      const waitMs = error.retryAfterMs ?? backOffMs;
      onRetry(error, waitMs);
      await sleep(waitMs, undefined, { signal });
    }
  }
}
