import { expect, it } from "vitest";

import { Look } from "./look.ts";

const literal = { point: true, fixed: "confirmed" };
const anytime = { ...literal, anytime: "contradicted" };
const criteria = {
  cost: { ...anytime, sign: "inconclusive" },
  quality: anytime,
  errors: literal,
  latency: literal,
  deterministicRegressions: 0,
};
const LOOK = {
  fingerprint: "a",
  nPairs: 3,
  windowsA: 3,
  windowsB: 3,
  ciWidth: null,
  zeroVariance: false,
  power: 0.8,
  qualityRatio: 1,
  criteria,
};

it("a look has findings of three kinds", () => {
  expect(Look.parse(LOOK)).toEqual(LOOK);
});

it.each([
  ["an unknown finding", { criteria: { ...criteria, errors: { ...literal, fixed: "" } } }],
  ["no finding at any time", { criteria: { ...criteria, quality: literal } }],
  ["no finding from signs", { criteria: { ...criteria, cost: anytime } }],
  ["no criterion on latency", { criteria: { ...criteria, latency: undefined } }],
  ["no fingerprint", { fingerprint: undefined }],
  ["half a pair", { nPairs: 0.5 }],
])("with %s is no look", (_, change) => {
  expect(Look.safeParse({ ...LOOK, ...change }).success).toBe(false);
});
