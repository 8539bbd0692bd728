import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";

import type { Respond } from "../runner/gateway/proxy/test-support/fake-upstream.ts";
import { startCommand } from "./support/command-run.ts";
import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import { sendJson } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "an experiment that routes sub-agents to {string}, haiku to {string} and nothing else",
  async function (this: ExperimentWorld, subagents: string, haiku: string) {
    await openProxyOf(this).startUpstreams(["vendor", subagents, haiku]);
    openProxyOf(this).writeFile();
  },
);

Given("the configuration is in {string}", function (this: ExperimentWorld, file: string) {
  renameSync(path.join(this.folder, "experiment.yaml"), path.join(this.folder, file));
});

Given(
  /^its upstreams answer with (more cached tokens than input|\d+ tokens)$/u,
  function (this: ExperimentWorld, what: string) {
    const proxy = openProxyOf(this);
    if (what.endsWith(" tokens")) proxy.answerTokens = Number.parseInt(what, 10);
    else proxy.respond = respondImpossibly;
  },
);

const respondImpossibly: Respond = (response) => {
  const details = { input_tokens_details: { cached_tokens: 900 } };
  const usage = { input_tokens: 100, ...details, output_tokens: 50 };
  sendJson(response, JSON.stringify({ object: "response", model: "m", usage }));
};

Given(
  /^the request of (a sub-agent|the main agent) for "(.*)"$/u,
  function (this: ExperimentWorld, who: string, model: string) {
    const headers = { "X-Claude-Code-Agent-Id": "a1" };
    const request = who === "a sub-agent" ? { headers, body: { model } } : { model, messages: [] };
    this.write("request.json", JSON.stringify(request));
  },
);

Given(
  "its file has {string} for {string}",
  function (this: ExperimentWorld, text: string, other: string) {
    const file = this.read("experiment.yaml");
    assert.ok(file.includes(other), file);
    this.write("experiment.yaml", file.replaceAll(other, text));
  },
);

When(
  /^the (main |sub-)agent of (\S+) (?:asks|has asked) for "([^"]*)"( twice)?$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    who: string,
    provider: string,
    model: string,
    isTwice: string | undefined,
  ) {
    for (let asked = 0; asked < (isTwice ? 2 : 1); asked += 1) {
      await openProxyOf(this).ask(provider, bodyFor(model), who === "sub-");
    }
  },
);

When(
  "the agent of {string} asks for {string}, and the proxy is closed",
  async function (this: ExperimentWorld, provider: string, address: string) {
    await openProxyOf(this).askBy(provider, address);
    await openProxyOf(this).close();
  },
);

When(
  "a client asks for the status with the key {string}",
  async function (this: ExperimentWorld, key: string) {
    await openProxyOf(this).askForStatus(key);
  },
);

Then(
  "{string} has received it for {string} with the key {string}, otherwise byte for byte",
  function (this: ExperimentWorld, upstream: string, model: string, key: string) {
    const requests = openProxyOf(this).upstreams.get(upstream)?.requests ?? [];
    const received = requests.map(({ body, headers }) => [String(body), headers["x-api-key"]]);
    assert.deepEqual(received, [[bodyFor(model), key]]);
  },
);

Then(
  "its row says that {string} sent it to {string}",
  async function (this: ExperimentWorld, rule: string, upstream: string) {
    await openProxyOf(this).close();
    const rows = this.rowsOf("proxy_telemetry", "request_proxied");
    assert.deepEqual(
      rows.map((row) => [row["routed_by"], row["backend_provider"]]),
      [[rule, upstream]],
    );
  },
);

Then(
  "{string} shows {int} request in {word} of {string} and {int} to {string}, and its row {int} prompt tokens and {int} completion tokens in {word}",
  async function (
    this: ExperimentWorld,
    command: string,
    requests: number,
    window: string,
    provider: string,
    sent: number,
    upstream: string,
    prompt: number,
    completion: number,
    window2: string,
  ) {
    await assertStatus(this, command, requests, window, provider, sent, upstream);
    await assertRowOfStatus(this, prompt, completion, window2);
  },
);

async function assertStatus(
  world: ExperimentWorld,
  command: string,
  requests: number,
  window: string,
  provider: string,
  sent: number,
  upstream: string,
): Promise<void> {
  const [, ...args] = command.split(" ");
  const { stdout } = await startCommand([...args, "--json"], {
    cwd: world.folder,
    variables: world.variables,
  }).ended;
  const told = JSON.parse(stdout);
  assert.equal(told.in_flight, 0);
  assert.partialDeepStrictEqual(told.windows, [{ window, provider, requests }]);
  assert.partialDeepStrictEqual(told.upstreams, [{ name: upstream, requests: sent, errors: 0 }]);
}

async function assertRowOfStatus(
  world: ExperimentWorld,
  prompt: number,
  completion: number,
  window: string,
): Promise<void> {
  await openProxyOf(world).close();
  const rows = world.rowsOf("proxy_telemetry", "request_proxied");
  const tokens = rows.map((row) => [row["prompt_tokens"], row["completion_tokens"]]);
  assert.deepEqual(tokens, [[prompt, completion]]);
  assert.equal(rows[0]?.["window"], window);
}

Then("they get the status {int} and no details", function (this: ExperimentWorld, status: number) {
  const { answer } = openProxyOf(this);
  assert.equal(answer?.status, status);
  assert.equal(String(answer?.body), '{"error":{"message":"Not found."}}');
});

Given(
  /^its proxy is open(?: with "([^"]*)")?$/u,
  async function (this: ExperimentWorld, options: string | undefined) {
    await openProxyOf(this).open(`experiment proxy ${options ?? ""}`.trim());
  },
);
