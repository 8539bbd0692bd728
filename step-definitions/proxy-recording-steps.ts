import assert from "node:assert/strict";
import { readdirSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";

import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  /^the main agent of (\S+) has been recorded in "(.*)" asking (by|for) "(.*)"$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    provider: string,
    folder: string,
    how: string,
    what: string,
  ) {
    const proxy = openProxyOf(this);
    await proxy.open(`experiment proxy --record ${folder}`);
    if (how === "by") await proxy.askBy(provider, what);
    else await proxy.ask(provider, bodyFor(what), false);
    proxy.recorded = { answer: proxy.answer, url: proxy.address(provider) };
    await proxy.close();
  },
);

When(
  /^(the main|a sub-)\s?agent of (\S+) asks a replay of "(.*)" (by|for) "(.*)"$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    who: string,
    provider: string,
    folder: string,
    how: string,
    what: string,
  ) {
    const proxy = openProxyOf(this);
    await proxy.open(`experiment proxy --replay ${folder}`);
    if (how === "by") await proxy.askBy(provider, what);
    else await proxy.ask(provider, bodyFor(what), who === "a sub-");
    await proxy.close();
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

Then(
  "{string} has received {int} request(s)",
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
