import assert from "node:assert/strict";
import { Agent } from "node:http";

import { Given, Then, When } from "@cucumber/cucumber";
import { stringify } from "yaml";

import { ProxiedRequest } from "../ledger/domain/proxied-request.ts";
import { startFakeUpstream } from "../runner/gateway/proxy/test-support/fake-upstream.ts";
import { send } from "../runner/gateway/proxy/test-support/send.ts";
import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import { reportJson } from "./support/report-files.ts";
import { message } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const CONNECTIONS = 8;
/** More than any task of the bank may take. */
const TOKENS = 10_000_000;
/** The harness ends a refused agent after a few seconds, so that it never comes to the end of its list. */
const ENDLESS_AGENT = `
if (process.argv.includes("--version")) {
  console.log("endless agent 1.0");
  process.exit();
}
const ask = async () => await (await fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", {
  method: "POST",
  headers: { "content-type": "application/json", "x-api-key": process.env.ANTHROPIC_API_KEY },
  body: JSON.stringify({ model: "any", max_tokens: 10, messages: [{ role: "user", content: "Hello." }] }),
})).text();
for (;;) await Promise.all(Array.from({ length: 8 }, ask));
`;

When(
  "the agent of {word} is refused {int} times, and the proxy is closed",
  async function (this: ExperimentWorld, provider: string, times: number) {
    const proxy = openProxyOf(this);
    const url = `${proxy.address(provider)}/v1/messages`;
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const body = bodyFor("claude-sonnet-4-5");
    for (let asked = 0; asked < times; asked += CONNECTIONS) {
      const some = Array.from({ length: Math.min(CONNECTIONS, times - asked) }, () =>
        send(url, { agent, body }),
      );
      for (const { status } of await Promise.all(some)) assert.equal(status, 402);
    }
    agent.destroy();
    await proxy.close();
  },
);

Then(
  "fewer than {int} rows count {int} requests that a budget refused",
  function (this: ExperimentWorld, most: number, count: number) {
    const rows = refusedRows(this);
    assert.ok(rows.length < most, String(rows.length));
    assert.equal(countIn(rows), count);
  },
);

Given(
  "an agent of the user's own that asks again and again when its task's budget is spent",
  async function (this: ExperimentWorld) {
    const upstream = await startFakeUpstream((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(message({ content: [{ type: "text", text: "Hello." }], outputTokens: TOKENS }));
    });
    this.cleanups.push(() => upstream.stop());
    this.variables["FLOODED_KEY"] = "sk-of-the-flooded";
    this.write("agent/main.mjs", ENDLESS_AGENT);
    const command = [process.execPath, "{folder}/agent/main.mjs"];
    const agent = { dialects: ["anthropic"], version: [...command, "--version"] };
    const provider = { driver: "command", command, agent, upstream: "flooded" };
    this.write(
      "experiment.yaml",
      stringify({
        tasks: { bank: "builtin", include: ["lru-cache"] },
        providers: { one: { ...provider, model: "one" }, other: { ...provider, model: "other" } },
        upstreams: { flooded: { base_url: upstream.origin, auth: "env FLOODED_KEY" } },
        design: { washout_s: 0 },
      }),
    );
  },
);

Then(
  "for each provider fewer than {int} rows count the requests that its report says were refused, more than {int}",
  function (this: ExperimentWorld, most: number, least: number) {
    const { providers } = JSON.parse(reportJson(this));
    assert.equal(providers.length, 2);
    for (const { provider, requests } of providers) {
      const rows = refusedRows(this).filter((row) => row.provider === provider);
      assert.ok(rows.length < most, String(rows.length));
      assert.equal(countIn(rows), requests.refused);
      assert.ok(requests.refused > least, String(requests.refused));
    }
  },
);

function refusedRows(world: ExperimentWorld): readonly ProxiedRequest[] {
  const rows = world.rowsOf("proxy_telemetry", "request_proxied");
  return rows
    .map((row) => ProxiedRequest.parse(row))
    .filter(({ refused_by: refusedBy }) => refusedBy !== null);
}

function countIn(rows: readonly ProxiedRequest[]): number {
  return rows.reduce((sum, { request_count: count = 1 }) => sum + count, 0);
}
