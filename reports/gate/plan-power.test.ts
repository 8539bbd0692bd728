import { describe, expect, it } from "vitest";

import { DEFAULT_GATES, type GateFile } from "../looks/gate-file.ts";
import { mismatches } from "../statistics/test-support/compare.ts";
import { planPower } from "./plan-power.ts";

// The numbers come from scipy 1.17.1 (`stats.t`, `stats.nct`, `brentq`) and the formulas of the
// method: width 2·sinh(t·sd/√nEff), and power by the non-central t distribution.

const SPREADS = [0.15, 0.3, 0.5];

/** Differences between a plan and width, power and detectable ratio at each spread. */
function differences(
  plan: ReturnType<typeof planPower>,
  expected: readonly (readonly [number, number, number])[],
) {
  return mismatches(
    plan.map(({ sd, ciWidth, power, detectableRatio }) => [sd, ciWidth, power, detectableRatio]),
    expected.map((figures, index) => [SPREADS[index], ...figures]),
    { absolute: 1e-9, relative: 1e-8 },
  );
}

describe("the power of a plan", () => {
  it("is that of the non-central t distribution, for three spreads", () => {
    const twelve = differences(planPower(12, DEFAULT_GATES), [
      [0.1932619936653707, 1, 1.1227371792125356],
      [0.38832438770607663, 0.9999999949103451, 1.2605387735861664],
      [0.6543535198772972, 0.9974737491759148, 1.4709356762486157],
    ]);
    const three = differences(planPower(3, DEFAULT_GATES), [
      [2.9015330393338568, 0.7621824020242092, 2.12231396769424],
      [10.225133335659436, 0.44496570477555697, 4.504216577470072],
      [48.91318834115131, 0.2772773487751933, 12.284725058252716],
    ]);
    expect([...twelve, ...three]).toEqual([]);
  });

  it("follows the level, the target and the power that the gates ask for", () => {
    const gates = { ...DEFAULT_GATES, alpha: 0.01, cost_target: 3, power_min: 0.9 };
    const found = differences(planPower(12, gates), [
      [0.1932619936653707, 1, 1.1995048059173026],
      [0.38832438770607663, 1, 1.438811779418706],
      [0.6543535198772972, 0.9999803932958079, 1.8337493566446461],
    ]);
    expect(found).toEqual([]);
  });

  it("is not known below three features", () => {
    for (const one of planPower(2, DEFAULT_GATES)) {
      expect(one).toMatchObject({ ciWidth: null, power: null, detectableRatio: null });
    }
  });

  it("finds no ratio at all if none has the power that the gates ask for", () => {
    const [, , wide] = planPower(3, { ...DEFAULT_GATES, alpha: 1e-4 });
    // scipy: a ratio of e¹⁰ is found with a power of 0.0082.
    expect(wide?.detectableRatio).toBeNull();
  });
});

describe("the windows that the gates would need", () => {
  it.each<readonly [Partial<GateFile>, string, readonly (number | null)[]]>([
    [{}, "width, at 7, 19 and 46 pairs", [16, 40, 94]],
    [{ min_pairs: 90 }, "pairs", [182, 182, 182]],
    [{ min_windows: 95 }, "windows", [192, 192, 192]],
    [{ alpha: 0.01, ci_width_max: 0.5, cost_target: 3 }, "evidence at last", [18, 26, 48]],
    [{ power_min: 0.99999999, ci_width_max: 50 }, "evidence or power", [14, 26, 60]],
    [{ ci_width_max: 0.01 }, "a width that 500 pairs do not give", [null, null, null]],
  ])("under %o are decided by %s", (change, _, windows) => {
    const plan = planPower(12, { ...DEFAULT_GATES, ...change });
    expect(plan.map((one) => one.windowsForGates)).toEqual(windows);
  });

  it("are those for a ratio of one and a half times the target", () => {
    const plan = planPower(12, { ...DEFAULT_GATES, cost_target: 4 });
    expect(plan.map(({ assumedRatio }) => assumedRatio)).toEqual([6, 6, 6]);
  });
});
