import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { finalWindows, reportOf } from "./support/subscriptions.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  "every window but the first costs {int} dollar(s) a percent that its meter moved",
  function (this: ExperimentWorld, dollars: number) {
    const [first, ...others] = finalWindows(this);
    assert.equal(first?.cost.amount, null);
    assert.ok(others.length > 0);
    for (const { cost, capacity } of others) {
      const moved = capacity.find(({ name }) => name === "5h")?.delta ?? Number.NaN;
      assert.deepEqual([cost.basis, cost.amount], ["plan", moved * dollars]);
    }
  },
);

Then(
  "the list price of the second window is shown with its plan's, with the divergence",
  async function (this: ExperimentWorld) {
    const { dollars } = await reportOf(this);
    const plans = dollars.windows.flatMap(({ amount, plan }) =>
      plan === null || plan.list_divergence === null ? [] : [{ ...plan, listed: amount ?? 0 }],
    );
    assert.equal(plans.length, 1);
    for (const { listed, amount, list_divergence: off } of plans) {
      assert.ok(listed > 0 && amount !== null && off !== null);
      assert.ok(Math.abs(off - (listed / amount - 1)) < 1e-9);
    }
  },
);
