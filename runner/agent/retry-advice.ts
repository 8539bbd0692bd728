import type { RetryAdvice } from "./api-failure.ts";

const RETRYABLE_STATUSES = new Set([408, 409, 429]);
/** A server that asks for a longer wait does not serve this run: better to end than to sleep. */
const RETRY_AFTER_MS_MAX = 60_000;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What an error's status and headers say about trying again. */
export function retryAdvice(status: number, headers: Headers): RetryAdvice {
  const told = headers["x-should-retry"];
  const retryAfterMs = readRetryAfter(headers["retry-after"]);
  const isPassing = RETRYABLE_STATUSES.has(status) || status >= 500 || told === "true";
  const isTooLong = retryAfterMs !== undefined && retryAfterMs > RETRY_AFTER_MS_MAX;
  return { isRetryable: isPassing && told !== "false" && !isTooLong, retryAfterMs };
}

/** Seconds alone: the form with a date is left to the back-off. */
function readRetryAfter(value: string | readonly string[] | undefined): number | undefined {
  if (typeof value !== "string" || !/^\d{1,9}(\.\d{1,3})?$/.test(value)) return undefined;
  return Number(value) * 1000;
}
