import { describe, expect, it } from "vitest";

import { type Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { registered, registration } from "../../ledger/views/test-support/sample-rows.ts";
import {
  FOUR_PAIRS,
  rowsOf,
  type SamplePair,
  viewOf,
} from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "./build-report.ts";

async function reportOf(rows: readonly Filed[]) {
  return buildReport(await viewOf(rows));
}

describe("the cost compared over four pairs", () => {
  // Worked out with R's formulas and the printed quantiles t(.975, 3) = 3.182446 and t(.975, 2) =
  // 4.302653 from the ratios 2, 3, 2.5 and 1.5; p on 2 df is 1 − |t| / √(2 + t²).
  it("agrees with values worked out by hand", async () => {
    const { comparisons } = await reportOf(rowsOf(FOUR_PAIRS));
    expect(comparisons).toMatchObject([
      {
        cost_ratio: {
          value: near(2.177938587346431),
          ci95: { lower: near(1.3537431988532855), upper: near(3.5039263682141284) },
          p_two_sided: near(0.01374910807518459),
          df: 3,
        },
        adjusted_cost_ratio: {
          value: near(2.1779385873464316),
          ci95: { lower: near(0.9951144244295718), upper: near(4.766704585728051) },
          p_two_sided: near(0.05058408959510907),
          df: 2,
        },
        order_effect: {
          value: near(1.026690096080341),
          ci95: { lower: near(0.4691014383804656), upper: near(2.2470460909875447) },
          p_two_sided: near(0.8982198790569967),
        },
        carryover: { p_two_sided: near(0.6074964148285751), is_warned: false, reason: null },
        totals_ratio: near(28_000 / 13_000),
        pairs: { planned: 4, complete: 4, ab: 2, ba: 2, incomplete: 0, capped: 0 },
      },
    ]);
  });

  it("never calls four pairs a basis for a decision", async () => {
    const [comparison] = (await reportOf(rowsOf(FOUR_PAIRS))).comparisons;
    expect(comparison?.statements.join("\n")).toContain("don't decide by this comparison alone");
    expect(comparison?.statements.join("\n")).toContain("includes 1");
    expect(comparison?.statements.join("\n")).not.toMatch(/winn|better|cheaper|recommend/iu);
  });
});

describe("few or odd pairs", () => {
  it("gives a point and no interval for one pair", async () => {
    const report = await reportOf(rowsOf(FOUR_PAIRS.slice(0, 1)));
    expect(report.comparisons[0]?.cost_ratio).toMatchObject({
      value: 2,
      ci95: null,
      reason: "n < 3",
    });
    expect(report.comparisons[0]?.adjusted_cost_ratio.value).toBeNull();
    expect(report.comparisons[0]?.order_effect).toMatchObject({ value: null, reason: "n < 3" });
    expect(report.providers[0]?.quality).toMatchObject({ value: 1, ci95: null, reason: "n < 3" });
  });

  it("gives points and no intervals for two pairs", async () => {
    const report = await reportOf(rowsOf(FOUR_PAIRS.slice(0, 2)));
    const [comparison] = report.comparisons;
    expect(comparison?.cost_ratio.value).toBeCloseTo(Math.sqrt(6), 10);
    for (const estimate of [comparison?.cost_ratio, comparison?.order_effect]) {
      expect(estimate).toMatchObject({ ci95: null, p_two_sided: null, reason: "n < 3" });
    }
    expect(comparison?.carryover).toMatchObject({ p_two_sided: null, reason: "n < 3" });
  });

  it("can't tell order from provider where all pairs have one order", async () => {
    const oneOrder = FOUR_PAIRS.map((pair): SamplePair => ({ ...pair, order: "AB" }));
    const [comparison] = (await reportOf(rowsOf(oneOrder))).comparisons;
    expect(comparison?.order_effect.reason).toBe("all pairs in one order");
    expect(comparison?.cost_ratio.ci95).not.toBeNull();
  });

  it("names replayed data where the pairs do not vary", async () => {
    const alike = FOUR_PAIRS.map((pair): SamplePair => ({
      ...pair,
      costs: { base: 4000, cand: 2000 },
    }));
    const [comparison] = (await reportOf(rowsOf(alike))).comparisons;
    expect(comparison?.cost_ratio).toMatchObject({ value: 2, ci95: { lower: 2, upper: 2 } });
    expect(comparison?.statements.join("\n")).toContain("replayed");
  });

  it("does not compare tokens of several vendors", async () => {
    const analysis = { cost: "tokens", basis: "uncached", comparable: false };
    const rows = rowsOf(FOUR_PAIRS).map(([file, row]): Filed =>
      row.record === "experiment_registered"
        ? [file, registered({ registration: registration({ analysis }) })]
        : [file, row],
    );
    const [comparison] = (await reportOf(rows)).comparisons;
    expect(comparison?.cost_ratio.value).toBeNull();
    expect(comparison?.totals_ratio).toBeNull();
    expect(comparison?.statements[0]).toContain("several vendors");
  });
});

function near(value: number): unknown {
  return expect.closeTo(value, 8);
}
