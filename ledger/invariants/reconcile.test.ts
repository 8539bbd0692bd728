import { expect, it } from "vitest";

import type { Usage } from "../domain/usage.ts";
import { DIVERGENCE_SHARE } from "./divergence.ts";
import { compareSources, compareUsages } from "./reconcile.ts";

type Counts = Omit<Usage, "requests">;

function said(usage: Counts) {
  return new Map([["all", { requests: 1, ...usage }]] as const);
}

/** The classes that differ too much. */
function divergentIn(reference: Counts, source: Counts): readonly string[] {
  const usages = { reference: { requests: 1, ...reference }, source: { requests: 1, ...source } };
  const { classes } = compareUsages(usages, { share: DIVERGENCE_SHARE });
  return classes.filter(({ isDivergent }) => isDivergent).map((one) => one.class);
}

it.each<[string, readonly [Counts, Counts], readonly string[]]>([
  ["99 tokens apart", [{ output: 100 }, { output: 1 }], []],
  ["100 tokens apart", [{ output: 101 }, { output: 1 }], ["output"]],
  ["a tenth apart", [{ output: 1000 }, { output: 900 }], []],
  ["more than a tenth apart", [{ output: 1000 }, { output: 899 }], ["output"]],
  [
    "a hundredth of the cost",
    [
      { input_uncached: 9500, output: 100, cache_read: 0 },
      { input_uncached: 9500, output: 100, cache_read: 1000 },
    ],
    [],
  ],
  [
    "more than a hundredth of the cost",
    [
      { input_uncached: 9500, output: 100, cache_read: 0 },
      { input_uncached: 9500, output: 100, cache_read: 1100 },
    ],
    ["cache_read"],
  ],
  [
    "a class that one of them does not state",
    [{ output: 10, cache_read: 1e6 }, { output: 10 }],
    [],
  ],
  [
    "reasoning, which is a part of output",
    [
      { output: 1000, reasoning: 900 },
      { output: 1000, reasoning: 0 },
    ],
    [],
  ],
  [
    "cache writes that one of them does not divide by their time",
    [
      { output: 10, cache_write_5m: 400, cache_write_1h: 600 },
      { output: 10, cache_write_5m: 1000 },
    ],
    [],
  ],
  [
    "cache writes that one of them has in its input",
    [
      { input_uncached: 120, cache_read: 9389, cache_write_5m: 4747, output: 603 },
      { input_uncached: 4867, cache_read: 9389, output: 603 },
    ],
    [],
  ],
  [
    "cache writes that one of them leaves out",
    [
      { input_uncached: 120, cache_write_5m: 4747, output: 603 },
      { input_uncached: 120, output: 603 },
    ],
    [],
  ],
  [
    "an input that has neither",
    [
      { input_uncached: 120, cache_write_5m: 4747, output: 603 },
      { input_uncached: 2000, output: 603 },
    ],
    ["input_uncached"],
  ],
])("judges %s", (_what, [reference, source], expected) => {
  expect(divergentIn(reference, source)).toEqual(expected);
});

it("judges the sum of the input if one source does not divide it", () => {
  const { classes, isDivergent } = compareSources(
    {
      reference: { source: "proxy", lanes: said({ input_uncached: 10, cache_read: 9990 }) },
      source: {
        source: "proxy-telemetry",
        lanes: said({ input_uncached: 10_000 }),
        isInputUndivided: true,
      },
    },
    DIVERGENCE_SHARE,
  );
  expect(classes).toMatchObject([{ class: "input", difference: 0, isDivergent: false }]);
  expect(isDivergent).toBe(false);
});
