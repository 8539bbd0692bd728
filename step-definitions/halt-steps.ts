import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { gateLabOf } from "./support/gate-lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  /^"(.*)" has (fewer windows than|as many windows as) there are pairs$/u,
  function (this: ExperimentWorld, provider: string, most: string) {
    const windows = finalRows(this).filter((row) => row.provider === provider).length;
    const { pairs } = gateLabOf(this);
    assert.ok(most.startsWith("as") ? windows === pairs : windows < pairs);
  },
);
