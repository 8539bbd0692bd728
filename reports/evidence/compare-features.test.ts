import { expect, it } from "vitest";

import { compareFeatures, type FeatureUse } from "./compare-features.ts";

const use = (feature: string, side: FeatureUse["side"], tokens: number | null): FeatureUse => ({
  feature,
  side,
  tokens,
  usd: tokens === null ? null : tokens / 1000,
});

it("compares means of the same features, so that a feature that was worked twice counts once", () => {
  const uses = [use("a", "baseline", 300), use("a", "baseline", 100), use("a", "candidate", 100)];
  const { matched, totals } = compareFeatures(uses, "one");
  expect(matched).toMatchObject([{ feature: "a", tokens_ratio: 2, usd_ratio: 2 }]);
  expect(totals).toMatchObject({ tokens_ratio: 2, baseline: { tokens: 200, uses: 2 } });
});

it("names features of one side, which are in no total", () => {
  const uses = [use("a", "baseline", 1), use("b", "candidate", 5), use("c", "baseline", 2)];
  const { matched, unmatched, totals } = compareFeatures(uses, "one");
  expect({ matched, unmatched }).toEqual({
    matched: [],
    unmatched: { baseline: ["a", "c"], candidate: ["b"] },
  });
  expect(totals.tokens_ratio).toBeNull();
});

it.each([
  ["unknown tokens", null],
  ["no tokens", 0],
])("has no ratio to %s", (_what, tokens) => {
  const { matched } = compareFeatures(
    [use("a", "baseline", 10), use("a", "candidate", tokens)],
    "one",
  );
  expect(matched[0]?.tokens_ratio).toBeNull();
});

it("has no ratio of tokens, but one of dollars, for several vendors", () => {
  const uses = [use("a", "baseline", 400), use("a", "candidate", 100)];
  const { matched, totals } = compareFeatures(uses, "several");
  expect([...matched, totals]).toMatchObject(
    Array.from({ length: 2 }, () => ({ tokens_ratio: null, usd_ratio: 4 })),
  );
});
