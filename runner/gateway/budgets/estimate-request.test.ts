import { describe, expect, it } from "vitest";

import { estimateRequest, historyAfter } from "./estimate-request.ts";

const FIRST = { promptBytes: 400, output: 7 };
const LAST = historyAfter({
  usage: { input_uncached: 10, cache_read: 1000, output: 5, reasoning: 3, requests: 1 },
  tokens: 15,
});

describe("estimateRequest", () => {
  it.each([
    [49_000, 12_250],
    [5, 2],
    [0, 1],
  ])(
    "takes a quarter of the %i bytes of a stream's first request as its prompt",
    (...[promptBytes, prompt]) => {
      expect(estimateRequest({ promptBytes, output: 0 }, undefined).tokens).toBe(prompt);
    },
  );

  it("takes the last prompt later, whatever the body's size", () => {
    const later = { promptBytes: 900_000, output: 90 };
    expect(estimateRequest(later, LAST).tokens).toBe(10 + 90);
  });

  it("prices a first request as plain input, a later one by the last prompt's classes", () => {
    expect(estimateRequest(FIRST, undefined).usages).toEqual([
      { input_uncached: 100, output: 7, requests: 1 },
    ]);
    expect(estimateRequest(FIRST, LAST).usages).toEqual([
      { input_uncached: 10, cache_read: 1000, output: 7, requests: 1 },
      { input_uncached: 1010, output: 7, requests: 1 },
    ]);
  });
});
