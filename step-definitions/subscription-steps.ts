import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

import { atLeastOne } from "./support/at-least-one.ts";
import { interruptedRows } from "./support/ledger-windows.ts";
import { completeAgain } from "./support/manual-gates.ts";
import { finalWindows, payByPlans, reportOf } from "./support/subscriptions.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "its providers are paid by the plan {string}",
  function (this: ExperimentWorld, plan: string) {
    payByPlans(this, { first: plan, second: plan });
  },
);

Given(
  "{string} is paid by the plan {string}",
  function (this: ExperimentWorld, id: string, plan: string) {
    payByPlans(this, { [id]: plan });
  },
);

Given(
  "{string} is paid by the plan {string} and {string} by {string}",
  // oxlint-disable-next-line max-params -- one for each of the sentence
  function (this: ExperimentWorld, one: string, its: string, other: string, others: string) {
    payByPlans(this, { [one]: its, [other]: others });
  },
);

Given("it has been run on that upstream", async function (this: ExperimentWorld) {
  await this.run("experiment run --seed 42");
  assert.equal(this.last.exitCode, 0, this.last.stderr);
});

Given("the last window has been completed once more", async function (this: ExperimentWorld) {
  await completeAgain(this, "");
});

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

Then("no window has a known cost", function (this: ExperimentWorld) {
  const costs = atLeastOne(finalWindows(this)).map(({ cost }) => [cost.measure, cost.amount]);
  assert.deepEqual(
    costs,
    costs.map(() => ["usd", null]),
  );
});

Then(
  "the attempt that was left open has an unknown cost of its plan, for {string}",
  function (this: ExperimentWorld, reason: string) {
    const [open, ...others] = interruptedRows(this);
    assert.ok(open !== undefined && others.length === 0 && open.usage.requests > 0);
    assert.deepEqual([open.cost.basis, open.cost.amount], ["plan", null]);
    assert.equal(open.dollars?.plan?.reason, reason);
  },
);

Then("every window's cost is in tokens", function (this: ExperimentWorld) {
  const measures = finalWindows(this).map(({ cost }) => cost.measure);
  assert.deepEqual([...new Set(measures)], ["tokens"]);
});

Then("the report has no cost ratio", async function (this: ExperimentWorld) {
  const { comparisons } = await reportOf(this);
  assert.deepEqual(
    comparisons.map(({ cost_ratio: { value } }) => value),
    [null],
  );
});

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
