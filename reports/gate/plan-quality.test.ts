import { describe, expect, it } from "vitest";

import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { planQuality } from "./plan-quality.ts";

describe("what a plan can say about quality", () => {
  // Three failures are the fewest that a one-sided t test finds: t = 2.05 (critical 1.895) for 8
  // features, 1.91 (1.796) for 12, 1.83 (1.729) for 20. The drop solves a binomial tail of 0.8 for three.
  it.each([
    [8, 0.462_098_413_137_306],
    [12, 0.323_781_858_034_755],
    [20, 0.201_997_641_200_927],
  ])("finds a drop of a size that depends on the number of features: %d", (features, drop) => {
    expect(planQuality(features, DEFAULT_GATES).detectableDrop).toBeCloseTo(drop, 12);
  });

  it.each([1, 2, 3, 4])("finds no drop with %d features", (features) => {
    expect(planQuality(features, DEFAULT_GATES).detectableDrop).toBeNull();
  });

  it("follows the power that the gates ask for", () => {
    const { detectableDrop } = planQuality(20, { ...DEFAULT_GATES, power_min: 0.9 });
    expect(detectableDrop).toBeGreaterThan(0.23);
  });

  it.each([
    [17, false],
    [18, true],
  ])("confirms 80 %% of the baseline with 18 features or more: %d", (features, confirmable) => {
    const planned = planQuality(features, DEFAULT_GATES);
    expect(planned).toMatchObject({ featuresToConfirm: 18, confirmable });
  });

  it("can't confirm a share of all with any number of features", () => {
    const planned = planQuality(20, { ...DEFAULT_GATES, quality_min: 1 });
    expect(planned).toMatchObject({ featuresToConfirm: null, confirmable: false });
  });
});
