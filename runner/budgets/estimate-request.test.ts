import { describe, expect, it } from "vitest";

import { estimateRequest, extendHistory } from "./estimate-request.ts";

describe("estimateRequest", () => {
  it.each([
    [49_000, 12_250],
    [5, 2],
    [0, 1],
  ])("takes a quarter of the %i bytes of a stream's first request", (bytes, tokens) => {
    expect(estimateRequest(bytes, undefined)).toBe(tokens);
  });

  it("takes the last prompt and the average output later, whatever the body's size", () => {
    const first = extendHistory(undefined, {
      usage: { input_uncached: 1000, cache_write_5m: 200, output: 90, requests: 1 },
      basis: "uncached",
    });
    expect(estimateRequest(900_000, first)).toBe(1290);
    const second = extendHistory(first, {
      usage: { input_uncached: 50, cache_read: 1200, output: 30, requests: 1 },
      basis: "uncached",
    });
    expect(estimateRequest(900_000, second)).toBe(50 + 70);
  });

  it("counts cache reads where the basis does", () => {
    const history = extendHistory(undefined, {
      usage: { input_uncached: 10, cache_read: 1000, output: 5, requests: 1 },
      basis: "all",
    });
    expect(estimateRequest(0, history)).toBe(1015);
  });
});
