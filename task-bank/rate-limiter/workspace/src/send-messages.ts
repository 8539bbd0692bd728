import type { RateLimiter } from "./rate-limiter.ts";

/** Sends the messages that the limiter lets through now. Returns the others and how long they have to wait. */
export function sendMessages(messages: string[], limiter: RateLimiter, send: (message: string) => void) {
  const left = [...messages];
  while (left.length > 0 && limiter.tryTake()) send(left.shift() ?? "");
  return { left, waitMs: left.length > 0 ? limiter.waitMs() : 0 };
}
