import { describe, expect, it } from "vitest";

import { openStream } from "../randomisation/stream.ts";
import { totalsEvidence } from "./totals-evidence.ts";

const settings = { cap: 120_000, target: 2, alpha: 0.05, gridK: 20 };
const pair = { a: 30_000, b: 10_000 };

describe("the evidence on totals", () => {
  it("needs 95 pairs of 30,000 and 10,000 tokens under a cap of 120,000", () => {
    const confirms = (count: number) => {
      const units = Array.from({ length: count }, () => [[pair]]);
      return (totalsEvidence({ ...settings, units })?.logE ?? 0) >= Math.log(20);
    };
    expect(confirms(94)).toBe(false);
    expect(confirms(95)).toBe(true);
    expect(totalsEvidence({ ...settings, units: [[[pair]]] })?.extra).toBe(94);
  });

  it("has no value if a window cost more than the cap", () => {
    expect(totalsEvidence({ ...settings, units: [[[{ a: 120_000, b: 1 }]]] })).not.toBeNull();
    expect(totalsEvidence({ ...settings, units: [[[{ a: 120_001, b: 1 }]]] })).toBeNull();
    expect(totalsEvidence({ ...settings, units: [[[{ a: 1, b: 120_001 }]]] })).toBeNull();
  });

  it("takes a family as one value", () => {
    const family = totalsEvidence({ ...settings, units: [[[pair], [pair, pair]]] });
    expect(family?.logE).toBeCloseTo(
      totalsEvidence({ ...settings, units: [[[pair]]] })?.logE ?? 0,
      12,
    );
  });

  it("rarely confirms totals at the target that come from rare ruin", () => {
    const rng = openStream("test", "ruin");
    const runs = Array.from({ length: 200 }, () => {
      // The candidate costs 5,000 but in every 20th run 105,000: 10,000 on average, half of A's.
      const units = Array.from({ length: 200 }, () => [
        [{ a: 20_000, b: rng() < 0.05 ? 105_000 : 5000 }],
      ]);
      return (totalsEvidence({ ...settings, units })?.logE ?? 0) >= Math.log(20);
    });
    expect(runs.filter(Boolean).length).toBeLessThanOrEqual(20);
  });
});
