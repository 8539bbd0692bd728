import { expect, test } from "vitest";

import { ApiFailure, retryAdvice, retryRequests } from "./retry.ts";

async function attempt(failures: readonly (ApiFailure | Error)[]) {
  const waits: number[] = [];
  let tries = 0;
  const answer = await retryRequests(
    async () => {
      tries += 1;
      const thrown = failures[tries - 1];
      if (thrown) throw thrown;
      return "answer";
    },
    new AbortController().signal,
    (_failure, waitMs) => waits.push(waitMs),
  ).catch((error: unknown) => error);
  return { answer, tries, waits };
}

function failure(isRetryable: boolean, retryAfterMs?: number): ApiFailure {
  return new ApiFailure("no", { isRetryable, retryAfterMs });
}

test("a passing failure is tried again, after longer and longer waits", async () => {
  const { answer, waits } = await attempt([failure(true), failure(true)]);
  expect({ answer, waits }).toEqual({ answer: "answer", waits: [200, 400] });
});

test("the wait that the server asked for is kept", async () => {
  expect((await attempt([failure(true, 5)])).waits).toEqual([5]);
});

test("a lasting failure is not tried again", async () => {
  const { answer, tries } = await attempt([failure(false)]);
  expect({ answer, tries }).toEqual({ answer: expect.any(ApiFailure), tries: 1 });
});

test("an error of the program itself is not tried again", async () => {
  expect((await attempt([new TypeError("bug")])).tries).toBe(1);
});

test("after six tries the last failure is final", async () => {
  const { answer, tries } = await attempt(Array.from({ length: 9 }, () => failure(true, 1)));
  expect({ answer, tries }).toEqual({ answer: expect.any(ApiFailure), tries: 6 });
});

test("an interruption ends the wait", async () => {
  const controller = new AbortController();
  const running = retryRequests(
    () => Promise.reject(failure(true, 50_000)),
    controller.signal,
    () => controller.abort(),
  );
  await expect(running).rejects.toThrow("aborted");
});

const LAST_SECOND = "Fri, 31 Dec 1999 23:59:59 GMT";

test.each([
  { status: 429, headers: {}, isRetryable: true },
  { status: 408, headers: {}, isRetryable: true },
  { status: 500, headers: {}, isRetryable: true },
  { status: 529, headers: {}, isRetryable: true },
  { status: 529, headers: { "x-should-retry": "false" }, isRetryable: false },
  { status: 429, headers: { "x-should-retry": "false" }, isRetryable: false },
  { status: 400, headers: { "x-should-retry": "true" }, isRetryable: true },
  { status: 400, headers: {}, isRetryable: false },
  { status: 401, headers: {}, isRetryable: false },
  { status: 402, headers: {}, isRetryable: false },
  { status: 403, headers: { "retry-after": "1" }, isRetryable: false, retryAfterMs: 1000 },
  { status: 302, headers: {}, isRetryable: false },
  { status: 429, headers: { "retry-after": "60" }, isRetryable: true, retryAfterMs: 60_000 },
  { status: 429, headers: { "retry-after": "61" }, isRetryable: false, retryAfterMs: 61_000 },
  { status: 429, headers: { "retry-after": "2" }, isRetryable: true, retryAfterMs: 2000 },
  { status: 429, headers: { "retry-after": "0.5" }, isRetryable: true, retryAfterMs: 500 },
  { status: 503, headers: { "retry-after": "-1" }, isRetryable: true },
  { status: 503, headers: { "retry-after": LAST_SECOND }, isRetryable: true },
  { status: 503, headers: { "retry-after": "later", date: LAST_SECOND }, isRetryable: true },
  {
    status: 503,
    headers: { "retry-after": LAST_SECOND, date: "Fri, 31 Dec 1999 23:59:29 GMT" },
    isRetryable: true,
    retryAfterMs: 30_000,
  },
  {
    status: 429,
    headers: { "retry-after": LAST_SECOND, date: "Fri, 31 Dec 1999 22:59:59 GMT" },
    isRetryable: false,
    retryAfterMs: 3_600_000,
  },
  {
    status: 503,
    headers: { "retry-after": LAST_SECOND, date: "Sat, 01 Jan 2000 00:00:09 GMT" },
    isRetryable: true,
    retryAfterMs: 0,
  },
])("$status with $headers: retryable $isRetryable", ({ status, headers, ...advice }) => {
  expect(retryAdvice(status, headers)).toEqual({ retryAfterMs: undefined, ...advice });
});
