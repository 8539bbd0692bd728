import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { gateLabOf } from "./support/gate-lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then("no arm was halted or released", function (this: ExperimentWorld) {
  const records = this.rows("decisions").map(({ record }) => record);
  assert.deepEqual([...new Set(records)], ["decision_made"]);
});

Then(
  "{string} has fewer windows than there are pairs",
  function (this: ExperimentWorld, provider: string) {
    assert.ok(windowsOf(this, provider) < gateLabOf(this).pairs);
  },
);

Then(
  "{string} has as many windows as there are pairs",
  function (this: ExperimentWorld, provider: string) {
    assert.equal(windowsOf(this, provider), gateLabOf(this).pairs);
  },
);

Then("the last halt names the rule {string}", function (this: ExperimentWorld, rule: string) {
  assert.equal(this.rowsOf("decisions", "arm_halted").at(-1)?.["rule"], rule);
});

Then(
  "the last halt says that {string} is released by {string}",
  function (this: ExperimentWorld, provider: string, release: string) {
    const last = this.rowsOf("decisions", "arm_halted").at(-1);
    assert.equal(last?.["provider"], provider);
    assert.ok(String(last["release"]).includes(release), String(last["release"]));
  },
);

Then("the last halt concerns the whole experiment", function (this: ExperimentWorld) {
  assert.equal(this.rowsOf("decisions", "arm_halted").at(-1)?.["provider"], null);
});

function windowsOf(world: ExperimentWorld, provider: string): number {
  return finalRows(world).filter((row) => row.provider === provider).length;
}
