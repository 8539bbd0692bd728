import { describe, expect, it } from "vitest";

import { estimateRequest, historyAfter } from "./estimate-request.ts";

const FIRST = { promptBytes: 400, output: 7 };
const LAST = historyAfter({
  usage: { input_uncached: 10, cache_read: 1000, output: 5, reasoning: 3, requests: 1 },
  tokens: 15,
  promptBytes: 4000,
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

  it.each([
    ["smaller", 5, 0],
    ["as large", 4000, 0],
    ["larger", 4400, 100],
  ])("takes the last prompt later, and what a %s body has grown by", (_, promptBytes, growth) => {
    expect(estimateRequest({ promptBytes, output: 90 }, LAST)).toEqual({
      tokens: 10 + growth + 90,
      usages: [
        { input_uncached: 10 + growth, cache_read: 1000, output: 90, requests: 1 },
        { input_uncached: 1010 + growth, output: 90, requests: 1 },
      ],
    });
  });

  it("counts no growth that an earlier request of the stream has had", () => {
    const usage = { input_uncached: 20, output: 5, requests: 1 };
    const title = historyAfter({ usage, tokens: 25, promptBytes: 80 }, LAST);
    expect(estimateRequest({ promptBytes: 4040, output: 0 }, title).tokens).toBe(20 + 10);
  });

  it("prices a first request as plain input", () => {
    expect(estimateRequest(FIRST, undefined).usages).toEqual([
      { input_uncached: 100, output: 7, requests: 1 },
    ]);
  });
});
