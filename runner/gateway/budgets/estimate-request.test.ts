import { describe, expect, it } from "vitest";

import { estimateRequest, FIRST_OUTPUT_TOKENS, historyAfter } from "./estimate-request.ts";

const FIRST = { bodyBytes: 400, outputMax: null, largestOutput: null };
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
    (...[bodyBytes, prompt]) => {
      expect(estimateRequest({ ...FIRST, bodyBytes, largestOutput: 0 }, undefined).tokens).toBe(
        prompt,
      );
    },
  );

  it("takes the last prompt later, whatever the body's size", () => {
    const later = { ...FIRST, bodyBytes: 900_000, largestOutput: 90 };
    expect(estimateRequest(later, LAST).tokens).toBe(10 + 90);
  });

  it.each([
    ["a default before the first answer", null, null, FIRST_OUTPUT_TOKENS],
    ["no more than the request allows", 12, null, 12],
    ["the default if the request allows more", 128_000, null, FIRST_OUTPUT_TOKENS],
    ["the largest answer so far", 128_000, 9000, 9000],
    ["the largest answer also below the default", null, 70, 70],
    ["no more than the request allows, also below the largest answer", 12, 9000, 12],
  ])("holds as output %s", (...[, outputMax, largestOutput, output]) => {
    const asked = { bodyBytes: 400, outputMax, largestOutput };
    expect(estimateRequest(asked, undefined).tokens).toBe(100 + output);
    expect(estimateRequest(asked, LAST).tokens).toBe(10 + output);
  });

  it("prices a first request as plain input, a later one by the last prompt's classes", () => {
    const asked = { ...FIRST, largestOutput: 7 };
    expect(estimateRequest(asked, undefined).usages).toEqual([
      { input_uncached: 100, output: 7, requests: 1 },
    ]);
    expect(estimateRequest(asked, LAST).usages).toEqual([
      { input_uncached: 10, cache_read: 1000, output: 7, requests: 1 },
      { input_uncached: 1010, output: 7, requests: 1 },
    ]);
  });
});
