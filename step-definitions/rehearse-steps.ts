import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { labOf } from "./support/lab.ts";
import { ownUpstreamOf } from "./support/own-upstream.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then("its own upstream was not asked", function (this: ExperimentWorld) {
  assert.deepEqual(ownUpstreamOf(this).requests, []);
});

Then("the server was not asked", function (this: ExperimentWorld) {
  assert.deepEqual(labOf(this).server?.dealt(), []);
});
