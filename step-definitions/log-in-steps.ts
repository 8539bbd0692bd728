import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

import {
  answerTokens,
  startRenewer,
} from "../runner/gateway/proxy/test-support/scripted-renewer.ts";
import { SERVER_MODELS } from "./support/counting-server.ts";
import { onServer } from "./support/experiment-file.ts";
import { writeExperiment } from "./support/lab.ts";
import { filesHolding } from "./support/search-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** The user's file as a scenario gave it. */
const given = new WeakMap<ExperimentWorld, string>();

const LOGIN = ".claude/.credentials.json";

Given(
  "a log-in of Claude Code that ends soon, and a vendor that renews log-ins",
  async function (this: ExperimentWorld) {
    writeLogIn(this);
    await startVendor(this);
  },
);

function writeLogIn(world: ExperimentWorld): void {
  const tokens = { accessToken: "first-access-token", refreshToken: "first-refresh-token" };
  const claudeAiOauth = { ...tokens, expiresAt: 1 };
  world.write(LOGIN, JSON.stringify({ claudeAiOauth }));
  given.set(world, world.read(LOGIN));
}

async function startVendor(world: ExperimentWorld): Promise<void> {
  const renewed = { access_token: "renewed-access-token", refresh_token: "renewed-refresh-token" };
  const own = {
    access_token: "agents-new-access-token",
    refresh_token: "agents-new-refresh-token",
  };
  const vendor = await startRenewer(world.file("vendor"), ({ body }, response) =>
    answerTokens(response, body.includes("first-refresh-token") ? renewed : own),
  );
  world.originOf = () => vendor.origin;
  world.cleanups.push(() => vendor.stop());
}

Given(
  "an experiment of {string} with a {string} provider that inherits its log-in on that server",
  function (this: ExperimentWorld, task: string, driver: string) {
    const [one, two] = SERVER_MODELS;
    const inherits = { ...onServer(driver, one), auth: "inherit" };
    const providers = { inherits, other: onServer("builtin-agent", two) };
    writeExperiment(this, { task, providers });
  },
);

Then(
  "no file of the run holds {string} or {string}",
  function (this: ExperimentWorld, one: string, other: string) {
    const found = [one, other].flatMap((token) => filesHolding(this.folder, token));
    const own = [this.file(LOGIN), this.file("lib/node_modules/made-up-agent")];
    assert.deepEqual(
      found.filter((file) => !own.some((place) => file.startsWith(place))),
      [],
    );
  },
);

Then("the log-in of Claude Code is as it was", function (this: ExperimentWorld) {
  assert.equal(this.read(LOGIN), given.get(this));
});
