import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { gateLabOf } from "./support/gate-lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

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

function windowsOf(world: ExperimentWorld, provider: string): number {
  return finalRows(world).filter((row) => row.provider === provider).length;
}
