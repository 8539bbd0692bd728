import { expect, test } from "vitest";

import { gatherEvidence } from "./evidence.ts";
import { rowsOf, type SamplePair, viewOf } from "./test-support/sample-experiment.ts";

const GIB = 1024 ** 3;

interface State {
  readonly load_1m?: number;
  readonly free_memory_bytes?: number;
  readonly cpu_pressure?: number | null;
}

const CALM = { cpus: 2, load_1m: 0.2, free_memory_bytes: 8 * GIB, cpu_pressure: 1 };

function resources(start: State, end: State = start) {
  return { limits: [], start: { ...CALM, ...start }, end: { ...CALM, ...end } };
}

/** The anomalies of so many pairs whose windows were worked under these conditions. */
async function anomaliesOf(count: number, [base, cand, end]: readonly [State, State, State?]) {
  const pairs = Array.from({ length: count }, (_, index): SamplePair => ({
    feature: `f${String(index)}`,
    order: index % 2 === 0 ? "AB" : "BA",
    costs: { base: 8000, cand: 4000 },
    changes: {
      base: { resources: resources(base, end) },
      cand: { resources: resources(cand, end) },
    },
  }));
  const { affected, windows } = gatherEvidence(await viewOf(rowsOf(pairs)));
  return {
    actions: affected.anomalies.map(({ kind, action }) => `${kind}: ${action}`),
    marked: windows.filter(({ line }) => line.touched_by.length > 0).length,
  };
}

test.each([
  ["load", { load_1m: 4 }, { load_1m: 2.9 }, "load differ by more than 25 %: base 4.00, cand 2.90"],
  [
    "free memory",
    { free_memory_bytes: 2 * GIB },
    { free_memory_bytes: 3 * GIB },
    "free memory differ by more than 25 %: base 2.00 GiB, cand 3.00 GiB",
  ],
  [
    "CPU pressure",
    { cpu_pressure: 20 },
    { cpu_pressure: 40 },
    "CPU pressure differ by more than 25 %: base 20.0 %, cand 40.0 %",
  ],
])("arms whose medians of %s differ by more than a quarter are an anomaly", async (...found) => {
  const [, base, cand, said] = found;
  const { actions, marked } = await anomaliesOf(5, [base, cand]);
  expect(actions).toEqual([
    `unequal-conditions: The arms' medians of ${said}. All figures were kept.`,
  ]);
  expect(marked).toBe(10);
});

test.each([
  ["a quarter exactly", 5, { load_1m: 4 }, { load_1m: 3 }],
  ["fewer than five windows of an arm", 4, { load_1m: 4 }, { load_1m: 1 }],
  ["a machine that is idle for both", 5, { load_1m: 0.9 }, { load_1m: 0.1 }],
  ["memory enough for both", 5, { free_memory_bytes: 9 * GIB }, { free_memory_bytes: 5 * GIB }],
  ["hardly any pressure", 5, { cpu_pressure: 9 }, { cpu_pressure: 0 }],
  ["pressure that the system does not say", 5, { cpu_pressure: null }, { cpu_pressure: 50 }],
])("%s is none", async (...found) => {
  const [, count, base, cand] = found;
  expect(await anomaliesOf(count, [base, cand])).toEqual({ actions: [], marked: 0 });
});

test("a window counts with the mean of its start and its end", async () => {
  const { actions } = await anomaliesOf(5, [{ load_1m: 6 }, { load_1m: 3 }, { load_1m: 2 }]);
  expect(actions).toEqual([expect.stringContaining("base 4.00, cand 2.50")]);
  const equal = await anomaliesOf(5, [{ load_1m: 4.5 }, { load_1m: 4 }, { load_1m: 4 }]);
  expect(equal.actions).toEqual([]);
});
