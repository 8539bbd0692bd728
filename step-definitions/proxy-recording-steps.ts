import assert from "node:assert/strict";
import { readdirSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";

import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "the main agent of {word} has been recorded in {string} asking for {string}",
  async function (this: ExperimentWorld, provider: string, folder: string, model: string) {
    const proxy = openProxyOf(this);
    await proxy.open(`experiment proxy --record ${folder}`);
    await proxy.ask(provider, bodyFor(model), false);
    proxy.recorded = { answer: proxy.answer, url: proxy.address(provider) };
    await proxy.close();
  },
);

Given(
  "the main agent of {word} has been recorded in {string} asking by {string}",
  async function (this: ExperimentWorld, provider: string, folder: string, path: string) {
    await openProxyOf(this).open(`experiment proxy --record ${folder}`);
    await openProxyOf(this).askBy(provider, path);
    await openProxyOf(this).close();
  },
);

When(
  "the main agent of {word} asks a replay of {string} by {string}",
  async function (this: ExperimentWorld, provider: string, folder: string, path: string) {
    await openProxyOf(this).open(`experiment proxy --replay ${folder}`);
    await openProxyOf(this).askBy(provider, path);
    await openProxyOf(this).close();
  },
);

When(
  "the main agent of {word} asks a replay of {string} for {string}",
  async function (this: ExperimentWorld, provider: string, folder: string, model: string) {
    await openProxyOf(this).open(`experiment proxy --replay ${folder}`);
    await openProxyOf(this).ask(provider, bodyFor(model), false);
  },
);

When(
  "a sub-agent of {word} asks a replay of {string} for {string}",
  async function (this: ExperimentWorld, provider: string, folder: string, model: string) {
    await openProxyOf(this).open(`experiment proxy --replay ${folder}`);
    await openProxyOf(this).ask(provider, bodyFor(model), true);
  },
);

When("I look into {string}", function (this: ExperimentWorld, folder: string) {
  const files = readdirSync(this.file(folder)).map((name) => this.read(`${folder}/${name}`));
  openProxyOf(this).recordedText = files.join("\n");
});

Then("it gets the recorded answer, byte for byte", function (this: ExperimentWorld) {
  const { answer, recorded } = openProxyOf(this);
  assert.ok(answer !== null && answer.body.length > 0);
  assert.deepEqual(answer.body, recorded?.answer?.body);
});

Then("it gets the sentence {string}", function (this: ExperimentWorld, sentence: string) {
  const { error } = JSON.parse(String(openProxyOf(this).answer?.body));
  assert.equal(error.message, sentence);
});

Then(
  "{string} has received {int} request in all",
  function (this: ExperimentWorld, upstream: string, count: number) {
    assert.equal(openProxyOf(this).upstreams.get(upstream)?.requests.length, count);
  },
);

Then(
  "it holds the request's body, and neither {string} nor {string} nor the attempt's key",
  function (this: ExperimentWorld, agents: string, providers: string) {
    const { recordedText, recorded } = openProxyOf(this);
    const body = Buffer.from(bodyFor("claude-sonnet-4-5")).toString("base64");
    const key = recorded?.url.split("/w/")[1] ?? "";
    assert.ok(recordedText.includes(body) && key !== "");
    assert.deepEqual(
      [agents, providers, key].filter((secret) => recordedText.includes(secret)),
      [],
    );
  },
);
