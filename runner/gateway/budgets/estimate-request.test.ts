import { describe, expect, it } from "vitest";

import { estimateRequest, extendHistory } from "./estimate-request.ts";

describe("estimateRequest", () => {
  it.each([
    [49_000, 12_250],
    [5, 2],
    [0, 1],
  ])("takes a quarter of the %i bytes of a stream's first request", (bytes, tokens) => {
    expect(estimateRequest(bytes, undefined).tokens).toBe(tokens);
  });

  it("takes the last prompt and the average output later, whatever the body's size", () => {
    const first = extendHistory(undefined, {
      usage: { input_uncached: 1000, cache_write_5m: 200, output: 90, requests: 1 },
      tokens: 1290,
    });
    expect(estimateRequest(900_000, first).tokens).toBe(1290);
    const second = extendHistory(first, {
      usage: { input_uncached: 50, cache_read: 1200, output: 30, requests: 1 },
      tokens: 80,
    });
    expect(estimateRequest(900_000, second).tokens).toBe(50 + 70);
  });

  it("prices a first request as plain input, a later one by the last prompt's classes", () => {
    expect(estimateRequest(400, undefined).usages).toEqual([
      { input_uncached: 100, output: 0, requests: 1 },
    ]);
    const history = extendHistory(undefined, {
      usage: { input_uncached: 10, cache_read: 1000, output: 5, reasoning: 3, requests: 1 },
      tokens: 15,
    });
    expect(estimateRequest(0, history).usages).toEqual([
      { input_uncached: 10, cache_read: 1000, output: 5, requests: 1 },
      { input_uncached: 1010, output: 5, requests: 1 },
    ]);
  });
});
