import { expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { registered, registration } from "../../ledger/views/test-support/sample-rows.ts";
import { rowsOf, type SamplePair, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "../report/build-report.ts";
import { againstItselfLines } from "./against-itself-lines.ts";

/** Six pairs whose arms differ by chance alone. */
const PAIRS = Array.from({ length: 6 }, (_, index): SamplePair => ({
  feature: `f${String(index)}`,
  order: index % 2 === 0 ? "AB" : "BA",
  costs: { base: 8000 + 400 * (index % 3), cand: 8000 + 400 * ((index + 1) % 3) },
}));

async function reportOf(aa: boolean) {
  const rows = rowsOf(PAIRS).map(([file, row]): Filed =>
    row.record === "experiment_registered" && aa
      ? [file, registered({ registration: registration({ aa }) })]
      : [file, row],
  );
  return buildReport(await viewOf(rows));
}

it("says nothing of an experiment with two configurations", async () => {
  const report = await reportOf(false);
  expect([report.against_itself, againstItselfLines(report)]).toEqual([null, []]);
});

it("finds the smallest ratio by the spread of the pairs, before the gate looks", async () => {
  const report = await reportOf(true);
  // Six features in both orders have df = 4 and n_eff = 6; the interval's half width is t · sd ÷ √6.
  const { ci95 } = report.comparisons[0]?.adjusted_cost_ratio ?? {};
  const sd =
    (Math.log((ci95?.upper ?? 0) / (ci95?.lower ?? 1)) / (2 * 2.776_445_105)) * Math.sqrt(6);
  expect(sd).toBeGreaterThan(0.03);
  const smallest = Math.log(report.against_itself?.smallest_ratio ?? 0);
  // One-sided at 5 %: t(0.95, 4) + t(0.8, 4) is 3.07, which the exact power comes close to.
  expect((smallest * Math.sqrt(6)) / sd).toBeGreaterThan(2.9);
  expect((smallest * Math.sqrt(6)) / sd).toBeLessThan(3.4);
  expect(againstItselfLines(report).at(-1)).toBe("The gate has not looked yet.");
});

const FIGURE = { figure: "cost ratio", equal: 1, value: 1.2, level: 95 };
const FOUND = { smallest_ratio: 1.5, power_min: 0.8, cost_target: 2, power: 0.987 };

it.each([
  [{ lower: 1.1, upper: 1.3, is_different: true }, "it would be called a difference; chance does"],
  [{ lower: 0.9, upper: 1.3, is_different: false }, "fixed-n): no difference"],
  [{ lower: null, upper: null, is_different: null }, "cost ratio: 1.200, no interval yet"],
])("says about the interval %o: %s", (limits, said) => {
  const verdicts = { literal: "stay lean" };
  const lines = againstItselfLines({
    against_itself: { ...FOUND, figures: [{ ...FIGURE, ...limits }], verdicts },
  });
  expect(lines[1]).toContain(said);
  expect(lines.slice(2)).toEqual([
    "A true cost ratio of 1.500 or more is found with a power of at least 80 %. Power at the gates' target of 2.000: 0.987.",
    "The gate says: literal stay lean. Staying lean is right here.",
  ]);
});

it("calls an expand wrong", () => {
  const verdicts = { literal: "expand", standard: "stay lean" };
  const lines = againstItselfLines({ against_itself: { ...FOUND, figures: [], verdicts } });
  expect(lines.at(-1)).toBe(
    "The gate says: literal expand, standard stay lean. Expanding is wrong here.",
  );
});
