import { describe, expect, it } from "vitest";

import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { gateRates } from "./calibration/gate-rates.ts";
import { planVerdicts } from "./plan-verdicts.ts";

const truth = { features: 20, sd: 0.3, rootSeed: "42", reps: 400 };

function rates(change: Partial<typeof truth>, gates = DEFAULT_GATES) {
  return planVerdicts({ ...truth, ...change }, gates).map((one) => ({
    ratio: one.ratio,
    add: one.addOneSeat.rate,
    lean: one.stayLean.rate,
    open: one.undecided.rate,
  }));
}

describe("the gates' answer after a plan", () => {
  it("is one of three for every experiment", () => {
    for (const { add, lean, open } of rates({})) expect(add + lean + open).toBeCloseTo(1, 12);
  });

  it("adds a seat more often, the larger the true ratio is, and rarely without a reason", () => {
    const [equal, small, target, large] = rates({});
    expect(equal).toMatchObject({ ratio: 1, add: 0, lean: 1 });
    expect(small?.lean).toBeGreaterThan(0.7);
    expect(target?.add).toBeLessThan(0.05);
    expect(large).toMatchObject({ ratio: 3, lean: 0 });
    expect(large?.add).toBeGreaterThan(0.4);
  });

  it("adds a seat no more often than a gate that is asked after every pair", () => {
    const size = { rootSeed: "42", reps: 400 };
    const cell = { trueRatio: 3, sdDiff: 0.3, maxPairs: 20, lookEvery: 1 };
    const [, , , large] = rates({});
    const everyPair = gateRates(cell, size).standard.byEnd.rate;
    expect(large?.add).toBeLessThanOrEqual(everyPair + 0.1);
    expect(large?.add).toBeGreaterThanOrEqual(everyPair - 0.2);
  });

  it("is open for two features, for which no look qualifies", () => {
    for (const { open } of rates({ features: 2, reps: 50 })) expect(open).toBe(1);
  });

  it("follows the target and the policy", () => {
    const [, , , strictTarget] = rates({}, { ...DEFAULT_GATES, cost_target: 6 });
    expect(strictTarget).toMatchObject({ add: 0, lean: 1 });
    const [, , literal] = rates({}, { ...DEFAULT_GATES, policy: "literal" });
    expect(literal?.add).toBeGreaterThan(0.2);
  });

  it("is the same for the same seed", () => {
    expect(rates({ reps: 30 })).toEqual(rates({ reps: 30 }));
    expect(rates({ rootSeed: "1" })).not.toEqual(rates({ rootSeed: "2" }));
  });
});
