import { describe, expect, it, test } from "vitest";

import { countFates, errorRate, latenciesOf, requestFate } from "./request-fate.ts";
import { proxiedRequest } from "./test-support/proxied-request.ts";

const LEFT = { is_client_gone: true, error: "client_left" };
const CUT = { is_stream_cut: true, error: "answer_incomplete" };

describe("the fate of a request", () => {
  it.each([
    ["an answer that reached its end", {}, "answered"],
    ["an error status", { status: 529 }, "failed"],
    ["a network error", { status: 0, error: "ECONNRESET" }, "failed"],
    ["an answer that broke off after status 200", CUT, "failed"],
    ["an error event in a stream of status 200", { error: "overloaded_error" }, "failed"],
    ["an error status whose client left", { ...LEFT, status: 500 }, "failed"],
    ["an answer that its client left", LEFT, "abandoned"],
    ["a request whose client left before any answer", { ...LEFT, status: null }, "abandoned"],
    ["a stream that our own budget cut", { ...CUT, error: "budget_cut" }, "abandoned"],
    ["a stream that the proxy broke off", { ...CUT, error: "broken_off" }, "abandoned"],
    [
      "a request that the proxy broke off before any answer",
      { ...CUT, status: null, error: "broken_off" },
      "abandoned",
    ],
    ["a request that our own budget refused", { status: 402, refused_by: "overall" }, "refused"],
  ] as const)("%s", (_, changes, fate) => {
    expect(requestFate(proxiedRequest(changes))).toBe(fate);
  });
});

describe("the error rate", () => {
  it("leaves out refused and abandoned requests", () => {
    const counts = countFates(["answered", "failed", "refused", "abandoned", "answered"]);
    expect(counts).toEqual({ total: 5, errors: 1, refused: 1, abandoned: 1 });
    expect(errorRate(counts)).toBe(1 / 3);
  });

  it("is unknown if no request ended", () => {
    expect(errorRate(countFates(["refused", "abandoned"]))).toBeNull();
  });

  it("reads a row that did not count abandoned requests yet", () => {
    expect(errorRate({ total: 5, errors: 1, refused: 1 })).toBe(0.25);
  });
});

test("only requests that were answered or failed have a latency", () => {
  const requests = (["answered", "failed", "refused", "abandoned"] as const).map((fate, index) => ({
    fate,
    latency_ms: index,
  }));
  expect(latenciesOf([...requests, { fate: "answered", latency_ms: null }])).toEqual([0, 1]);
});
