import { expect, it } from "vitest";

import { summariseArm } from "./core/arm-summary.ts";
import { analyseCrossoverRounds } from "./cost/crossover-rounds.ts";
import { analyseCrossover } from "./cost/crossover.ts";
import { analysePairedLogRatio } from "./cost/paired-log-ratio.ts";
import { compareClusteredErrorRates } from "./errors/compare-error-rates.ts";
import { compareLatencies } from "./latency/compare-latencies.ts";
import { analyseArms } from "./multi-arm/analyse-arms.ts";
import { analyseQuality } from "./quality/analyse-quality.ts";

const rootSeed = "42";
const count = { errors: 1, requests: 9 };
const AB = { feature: "f0", sequence: "AB" as const, period1: 8, period2: 4 };
const BA = { feature: "f1", sequence: "BA" as const, period1: 3, period2: 9 };
const pairs = [AB, BA, { ...AB, feature: "f2", period1: 9 }];
const rows = pairs.map(({ feature, sequence, period1, period2 }) => ({
  feature,
  sequence,
  costA: period1,
  costB: period2,
}));
const windows = pairs.flatMap(({ feature, period1, period2 }, index) => [
  { feature, period: 1 + (index % 2), arm: "a", cost: period1 },
  { feature, period: 2 - (index % 2), arm: "b", cost: period2 },
]);
const latencies = Array.from({ length: 5 }, (_, index) => {
  const a = Array.from({ length: 10 }, (__, request) => 100 + index + request);
  return { a, b: a.map((latency) => 1.1 * latency) };
});

/** Each analysis of no data, and of data. */
const ANALYSES: readonly (readonly [string, object, object])[] = [
  ["an arm", summariseArm([]), summariseArm([1, 2, 4])],
  ["the cross-over", analyseCrossover({ pairs: [] }), analyseCrossover({ pairs })],
  ["rounds", analyseCrossoverRounds({ rows: [] }), analyseCrossoverRounds({ rows })],
  [
    "paired ratios",
    analysePairedLogRatio({ a: [], b: [] }),
    analysePairedLogRatio({ a: [9, 8, 7], b: [3, 2, 3] }),
  ],
  [
    "error rates",
    compareClusteredErrorRates({ a: [], b: [] }),
    compareClusteredErrorRates({ a: [count], b: [count] }),
  ],
  [
    "latencies",
    compareLatencies({ features: [], rootSeed }),
    compareLatencies({ features: latencies, rootSeed, replicates: 19 }),
  ],
  ["several arms", analyseArms([], "a"), analyseArms(windows, "a")],
  [
    "quality",
    analyseQuality({ a: [], b: [], rootSeed }),
    analyseQuality({ a: [1, 0.5, 1], b: [1, 1, 0.5], rootSeed }),
  ],
];

/** The interval of a difference of rates that is not known at all. */
function isEverything(value: readonly unknown[]): boolean {
  return value.join() === "-1,1";
}

function fieldsOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.keys(value).toSorted();
}

it.each(ANALYSES)("the analysis of no data has the fields of %s", (_, nothing, full) => {
  expect(fieldsOf(nothing)).toEqual(fieldsOf(full));
  expect(nothing).toMatchObject({ status: "no_data", problem: null });
  expect(full).not.toMatchObject({ status: "no_data" });
  // Groups of fields that are there without data have the same fields.
  const groups = Object.entries(nothing).filter(([, value]) => fieldsOf(value) !== null);
  expect(groups.map(([, value]) => fieldsOf(value))).toEqual(
    groups.map(([name]) => fieldsOf(Object(full)[name])),
  );
});

it.each(ANALYSES)("the analysis of no data knows nothing: %s", (_, nothing) => {
  const known = Object.entries(nothing).filter(
    ([, value]) =>
      (typeof value === "number" && value !== 0) ||
      value === true ||
      (Array.isArray(value) && value.length > 0 && !isEverything(value)),
  );
  expect(known).toEqual([]);
});

it("bets without a feature have won nothing, and leave every ratio and mean possible", () => {
  expect(analyseQuality({ a: [], b: [], rootSeed }).betting).toEqual({
    logENonInferior: [],
    logEInferior: [],
    ratioLower: 0,
    ratioUpper: Infinity,
    meanCsA: [0, 1],
    meanCsB: [0, 1],
  });
});
