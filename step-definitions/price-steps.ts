import assert from "node:assert/strict";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";

import { DollarCost } from "../ledger/domain/dollars.ts";
import { ProxiedRequest } from "../ledger/domain/proxied-request.ts";
import { WindowFinalized } from "../ledger/domain/window.ts";
import { askInLanguage, usePricedUpstream } from "./support/priced-upstream.ts";
import { claudeModels, twoVendors } from "./support/two-vendors.ts";
import type { ExperimentWorld } from "./support/world.ts";

function entry(litellm_provider: string, input_cost_per_token: number) {
  const output_cost_per_token = input_cost_per_token * 5;
  return { litellm_provider, mode: "chat", input_cost_per_token, output_cost_per_token };
}

Given("a file {string} of {string}", function (this: ExperimentWorld, file: string, text: string) {
  this.write(file, text);
});

Given(
  "a copy {string} of the public list, with {int} models",
  function (this: ExperimentWorld, file: string, models: number) {
    const names = Array.from({ length: models }, (_, index) => `claude-of-a-long-name-${index}`);
    const entries = names.map((name) => [name, entry("anthropic", 5e-6)]);
    this.write(file, JSON.stringify(Object.fromEntries(entries)));
  },
);

Given("an upstream whose answers use:", async function (this: ExperimentWorld, usage: DataTable) {
  await usePricedUpstream(this, usage.rowsHash());
});

Given(
  "an experiment of two vendors' models, {string} and {string}",
  function (this: ExperimentWorld, one: string, other: string) {
    this.write("experiment.yaml", twoVendors(one, other));
  },
);

Given(
  "an experiment of Claude Code with {string} and {string}",
  function (this: ExperimentWorld, one: string, other: string) {
    this.write("experiment.yaml", claudeModels(one, other));
  },
);

When(
  "an agent asks it for {string} in the language of {word}",
  async function (this: ExperimentWorld, model: string, language: string) {
    await askInLanguage(this, language, model);
  },
);

Then(
  "every window costs the dollars of its requests, and the preview's cost ratio is {float}",
  async function (this: ExperimentWorld, ratio: number) {
    assertDollars(this);
    await assertRatio(this, ratio);
  },
);

function assertDollars(world: ExperimentWorld): void {
  const requests = world
    .rowsOf("proxy_telemetry", "request_proxied")
    .map((row) => ProxiedRequest.parse(row));
  const windows = windowsOf(world);
  assert.ok(windows.length > 0);
  for (const { window, cost } of windows) {
    const own = requests.filter((request) => request.window === window);
    const dollars = own.reduce((sum, { cost_usd: one }) => sum + (one ?? Number.NaN), 0);
    assert.equal(cost.measure, "usd");
    assert.ok(Math.abs((cost.amount ?? 0) - dollars) < 1e-9 && dollars > 0, window);
  }
}

async function assertRatio(world: ExperimentWorld, ratio: number): Promise<void> {
  await world.run("experiment preview");
  world.isExitCodeSeen = true;
  const [, found] = /Cost ratio, not adjusted: ([\d.]+)/.exec(world.last.stdout) ?? [];
  assert.ok(Math.abs(Number(found) - ratio) < 0.01 * ratio, world.last.stdout);
}

Then("every window has the same dollars reported by the agent", function (this: ExperimentWorld) {
  const told = windowsOf(this).map(({ dollars }) => DollarCost.parse(dollars));
  assert.equal(told.length, 2);
  for (const { amount, reported } of told) {
    assert.ok(amount !== null && amount > 0 && reported !== null);
    assert.ok(Math.abs(reported / amount - 1) < 0.001, `${reported} ÷ ${amount}`);
  }
});

function windowsOf(world: ExperimentWorld): readonly WindowFinalized[] {
  return world.rowsOf("windows", "window_finalized").map((row) => WindowFinalized.parse(row));
}
