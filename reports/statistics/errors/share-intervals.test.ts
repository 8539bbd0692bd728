import { describe, expect, it } from "vitest";

import {
  compareClusteredErrorRates,
  compareErrorRates,
  effectiveCounts,
} from "./compare-error-rates.ts";
import { scoreZ } from "./share-intervals.ts";

describe("the score statistic without variance", () => {
  // The restricted shares are 0 and 1, whose products p(1 − p) are 0.
  it.each([
    { case: "fits exactly", a: { x: 0, n: 5 }, b: { x: 5, n: 5 }, delta: 1, z: 0 },
    { case: "expects more", a: { x: 0, n: 5 }, b: { x: 4, n: 5 }, delta: 1, z: -Infinity },
    { case: "expects less", a: { x: 5, n: 5 }, b: { x: 1, n: 5 }, delta: -1, z: Infinity },
    { case: "expects none of none", a: { x: 0, n: 5 }, b: { x: 0, n: 8 }, delta: 0, z: 0 },
  ])("is $z if the hypothesis $case", ({ a, b, delta, z }) => {
    expect(scoreZ({ a, b }, delta)).toBe(z);
  });

  it("is 0 for one effective request in all", () => {
    const half = { x: 0, n: 0.5 };
    expect(scoreZ({ a: half, b: half }, 1)).toBe(0);
  });
});

describe("effective counts", () => {
  it("of two features have a design effect", () => {
    // p = 0.2, v = 2 · (2² + 2²) / 20² = 0.04, and p(1 − p) / 20 = 0.008.
    const counts = effectiveCounts([
      { errors: 0, requests: 10 },
      { errors: 4, requests: 10 },
    ]);
    expect(counts?.deff).toBeCloseTo(5, 12);
    expect(counts?.xEff).toBeCloseTo(0.8, 12);
    expect(counts?.nEff).toBeCloseTo(4, 12);
    expect(counts).toMatchObject({ x: 4, n: 20, clusters: 2 });
  });

  it.each([0, 10])("have none if all features have %i errors of 10", (errors) => {
    const counts = effectiveCounts([
      { errors, requests: 10 },
      { errors, requests: 10 },
    ]);
    expect(counts).toMatchObject({ deff: 1, nEff: 20 });
  });

  it("have none of one feature", () => {
    expect(effectiveCounts([{ errors: 4, requests: 10 }])).toMatchObject({ deff: 1, nEff: 10 });
  });
});

describe("a comparison of error rates", () => {
  it("names the arm whose counts are impossible", () => {
    const good = { x: 0, n: 5 };
    const bad = { x: -1, n: -1 };
    expect(compareErrorRates({ a: bad, b: good }).problem).toBe(
      "A: expected a count of requests, got -1.",
    );
    expect(compareErrorRates({ a: good, b: bad }).problem).toBe(
      "B: expected a count of requests, got -1.",
    );
  });

  it("names the feature and its arm", () => {
    const wrong = [{ errors: 6, requests: 5 }];
    expect(compareClusteredErrorRates({ a: wrong, b: [] }).problem).toBe(
      "Feature 1, A: expected 0 to 5 errors, got 6.",
    );
  });

  it("is not available if one arm has no requests", () => {
    const some = { x: 1, n: 9 };
    const none = { x: 0, n: 0 };
    expect(compareErrorRates({ a: some, b: none })).toMatchObject({ status: "no_data", pB: null });
    expect(compareErrorRates({ a: none, b: some })).toMatchObject({ status: "no_data", pA: null });
    expect(compareErrorRates({ a: some, b: some })).toMatchObject({ status: "ok", problem: null });
  });
});
