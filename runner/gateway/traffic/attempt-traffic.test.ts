import { expect, test } from "vitest";

import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";
import { TrafficTally } from "./attempt-traffic.ts";

const REQUEST = proxiedRequest({ backend_provider: "own", cost_usd: 0.25 });

function read(...requests: readonly Partial<ProxiedRequest>[]) {
  const tally = new TrafficTally(0, { upstream: "own" });
  for (const request of requests) tally.add({ ...REQUEST, ...request }, 0);
  return tally.read();
}

const ROUTED = { backend_provider: "glm", cost_usd: 0.5 };

test("dollars of requests to other upstreams are summed up apart, and are in the whole", () => {
  const { dollars, dollarsElsewhere } = read({}, ROUTED, ROUTED);
  expect([dollars.amount, dollarsElsewhere]).toEqual([1.25, 1]);
});

test("where nothing went elsewhere, nothing is to be paid there", () => {
  expect(read({}, {}).dollarsElsewhere).toBe(0);
});

test("a routed request without a price leaves what is paid elsewhere unknown", () => {
  expect(read({}, ROUTED, { ...ROUTED, cost_usd: null }).dollarsElsewhere).toBeNull();
});

test("a request of one's own without a price does not", () => {
  expect(read({ cost_usd: null }, ROUTED).dollarsElsewhere).toBe(0.5);
});

test("an answer that broke off was billed, and is no answer", () => {
  const { answered, usage, lastStatus } = read({ error: "ECONNRESET" });
  expect([answered, usage.requests, lastStatus]).toEqual([0, 1, 200]);
});

test("an answer that the client left, or that a budget cut, is one", () => {
  expect(read({ is_client_gone: true }, { error: "budget_cut" }).answered).toBe(2);
});

test("the provider's faults since the last good answer are counted", () => {
  const cut = { error: "UND_ERR_SOCKET" };
  const down = { status: 503, error: "overloaded_error" };
  const gone = { status: 0, error: "ECONNREFUSED" };
  const limited = { status: 429, error: "rate_limit_error" };
  expect(read(cut, {}, cut, down, limited, gone).faultsInRow).toBe(4);
  expect(read(cut, cut, {}).faultsInRow).toBe(0);
  expect(read(cut, { status: 400, error: "invalid_request_error" }).faultsInRow).toBe(0);
  expect(read(cut, { error: "request_too_large" }).faultsInRow).toBe(0);
});

test("a request that the client left neither adds to the provider's faults nor ends their row", () => {
  const left = { is_client_gone: true };
  const own = { backend_provider: null, usage: null, status: 403, error: "other_vendor" };
  expect(read({ error: "ECONNRESET" }, left, own).faultsInRow).toBe(1);
});

test("a request that was stopped because the ledger could not be read is our own failure", () => {
  const { lastStatus } = read({}, { status: 402, error: "ledger_unreadable" });
  expect(lastStatus).toBe(500);
});

test("a request that the proxy itself has turned away says nothing about the provider", () => {
  const own = { backend_provider: null, usage: null };
  const { lastStatus } = read({}, { ...own, status: 403, error: "other_vendor" });
  expect(lastStatus).toBe(200);
  expect(read({}, { ...own, status: 500, error: "proxy_defect" }).lastStatus).toBe(500);
});

test.each([
  [{ status: 402, error: null }, true],
  [{ status: 429, error: "insufficient_quota" }, true],
  [{ status: 400, error: "credit_balance_too_low" }, true],
  [{ status: 429, error: "rate_limit_error" }, false],
])("an account without credit is known by %j: %s", (answer, expected) => {
  expect(read({}, answer).isCreditSpent).toBe(expected);
  expect(read(answer, {}).isCreditSpent).toBe(false);
});

test("a request that no meter can count leaves the cost open, in tokens and in dollars", () => {
  const uncounted = { kind: "unmetered", usage: null, cost_usd: null } as const;
  const { unstated, dollars, requests } = read({}, uncounted);
  expect(unstated).toEqual({ requests: 1, estimated: 0 });
  expect(dollars).toMatchObject({ amount: null, known: 0.25, untold: 1 });
  expect(requests.total).toBe(1);
  const refused = { ...uncounted, status: 402, error: "uncounted_path", backend_provider: null };
  expect(read({}, refused, { ...uncounted, status: 404 }).dollars.untold).toBe(0);
});

test("background work leaves the cost open until the answer to a poll states it", () => {
  const begun = { usage: null, cost_usd: null, background_id: "r", prompt_tokens_estimate: 9 };
  const running = read({}, begun);
  expect(running.unstated).toEqual({ requests: 1, estimated: 9 });
  expect(running.dollars).toMatchObject({ amount: null, known: 0.25, untold: 1 });
  const done = read({}, begun, { background_id: "r" });
  expect(done.unstated.requests).toBe(0);
  expect(done.dollars).toMatchObject({ amount: 0.5, untold: 0 });
  expect(read({}, begun, { background_id: "other" }).unstated.requests).toBe(1);
  expect(read({ ...begun, backend_provider: "glm" }).dollarsElsewhere).toBeNull();
});

test("answers that leave their usage open are counted with what they took by estimate", () => {
  const silent = { usage: null, cost_usd: null, completion_tokens_estimate: 900 };
  const { unstated } = read(
    {},
    { ...silent, prompt_tokens_estimate: 100 },
    { ...silent, usage: { input_uncached: 5, requests: 1 }, is_stream_cut: true },
    { ...silent, status: 529 },
    { usage: null, cost_usd: null, status: 0, prompt_tokens_estimate: 70 },
    { usage: null, cost_usd: null, status: 0 },
  );
  expect(unstated).toEqual({ requests: 3, estimated: 1970 });
});
