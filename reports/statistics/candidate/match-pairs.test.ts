import { describe, expect, it } from "vitest";

import { matchPairs } from "./match-pairs.ts";
import type { AnalysedWindow } from "./window.ts";

const names = { baseline: "base", candidate: "cand" };

function windowOf(change: Partial<AnalysedWindow> = {}): AnalysedWindow {
  const place = { feature: "f1", replicate: 1, provider: "base", period: 1, cost: 4 };
  return { ...place, quality: null, errors: null, requests: null, latenciesMs: null, ...change };
}

const a = windowOf();
const b = windowOf({ provider: "cand", period: 2, cost: 2 });

describe("pairs", () => {
  it("have no window of a third provider, not even an impossible one", () => {
    const third = windowOf({ provider: "third", cost: -1 });
    expect(matchPairs({ ...names, windows: [third, a, b] })).toEqual({
      problem: null,
      features: [{ feature: "f1", family: undefined, pairs: [{ sequence: "AB", a, b }] }],
      incompletePairs: 0,
      missingPeriod1: 0,
      missingPeriod2: 0,
    });
  });

  it("are none as soon as one window is impossible", () => {
    const windows = [a, b, windowOf({ feature: "f2", cost: 0 })];
    const { problem, features } = matchPairs({ ...names, windows });
    expect(problem).toBe(
      'Feature "f2", replicate 1, provider "base": expected a positive finite cost, got 0.',
    );
    expect(features).toEqual([]);
  });

  it("with one arm twice and the other missing are one incomplete pair", () => {
    expect(matchPairs({ ...names, windows: [a, a] })).toMatchObject({
      incompletePairs: 1,
      missingPeriod2: 1,
    });
  });

  it("after a valid pair are searched for repeated windows too", () => {
    const again = [a, b].map((window) => ({ ...window, feature: "f2" }));
    const { problem } = matchPairs({ ...names, windows: [a, b, ...again, ...again.slice(1)] });
    expect(problem).toBe(
      'Feature "f2", replicate 1, provider "cand": expected one window, got another.',
    );
  });
});

function problemOf(change: Partial<AnalysedWindow>): string | null {
  return matchPairs({ ...names, windows: [windowOf(change)] }).problem;
}

describe("a window", () => {
  it.each([
    ["a score of 0", { quality: 0 }],
    ["a score of 1", { quality: 1 }],
    ["a latency of 0 ms", { latenciesMs: [0, 5] }],
    ["errors at every request", { errors: 2, requests: 2 }],
    ["no request at all", { errors: 0, requests: 0 }],
    ["errors of an unknown number of requests", { errors: 2 }],
  ])("may have %s", (_, change) => {
    expect(problemOf(change)).toBeNull();
  });

  it.each([
    [{ quality: -0.1 }, "expected a quality between 0 and 1, got -0.1."],
    [{ latenciesMs: [0, -1] }, "expected latencies of 0 ms or more, got -1."],
    [{ latenciesMs: [0, Infinity] }, "expected latencies of 0 ms or more, got Infinity."],
    [{ requests: 1.5 }, "expected a count of requests, got 1.5."],
    [{ errors: -1 }, "expected at most as many errors as requests, got -1 of unknown."],
  ])("with %j is refused", (change, message) => {
    expect(problemOf(change)).toBe(`Feature "f1", replicate 1, provider "base": ${message}`);
  });
});
