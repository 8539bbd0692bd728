import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { labOf } from "./support/lab.ts";
import { ownUpstreamOf } from "./support/own-upstream.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  /^(its own upstream|the server) was not asked$/u,
  function (this: ExperimentWorld, which: string) {
    const { server } = labOf(this);
    const asked = which === "the server" ? server?.dealt() : ownUpstreamOf(this).requests;
    assert.deepEqual(asked, []);
  },
);
