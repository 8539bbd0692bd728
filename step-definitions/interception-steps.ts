import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { request } from "node:http";

import { Given, Then, When } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";

import { openProxyOf } from "./support/open-proxy.ts";
import type { ExperimentWorld } from "./support/world.ts";

const AUTHORITY = ".experiment/mitm";
const PERMISSIONS = 0o777;

Given("its providers are intercepted", function (this: ExperimentWorld) {
  const file = parse(this.read("experiment.yaml"));
  for (const provider of Object.values<Record<string, unknown>>(file.providers)) {
    provider["via"] = "mitm";
  }
  this.write("experiment.yaml", stringify(file));
});

When("{string} is opened and closed", async function (this: ExperimentWorld, line: string) {
  await openProxyOf(this).open(line);
  await openProxyOf(this).close();
});

When(
  "a client asks the intercepting proxy for {string} with {key}",
  async function (this: ExperimentWorld, target: string, key: string | null) {
    await openProxyOf(this).open("experiment proxy --mitm");
    const { hostname, port, username } = new URL(openProxyOf(this).interceptingAddress("plain"));
    const credential = Buffer.from(`${key ?? username}:`).toString("base64");
    const headers = key === "" ? {} : { "proxy-authorization": `Basic ${credential}` };
    const asked = request({ hostname, port, method: "CONNECT", path: target, headers });
    openProxyOf(this).connectStatus = await new Promise((resolve) => {
      asked.once("connect", ({ statusCode }) => resolve(statusCode ?? 0)).end();
    });
  },
);

Then("they are refused with the status {int}", function (this: ExperimentWorld, status: number) {
  assert.equal(openProxyOf(this).connectStatus, status);
});

Then("only the owner can read the authority's key", function (this: ExperimentWorld) {
  const { mode } = statSync(this.file(`${AUTHORITY}/ca-key.pem`));
  assert.equal(mode & PERMISSIONS, 0o600);
});

Then(
  "the output names its certificate and an address for {string}",
  function (this: ExperimentWorld, provider: string) {
    const { stdout } = this.last;
    assert.ok(stdout.includes(`NODE_EXTRA_CA_CERTS=${this.file(AUTHORITY)}/ca.pem`), stdout);
    assert.match(
      stdout,
      new RegExp(`^${provider} by HTTPS_PROXY: http://.+@127\\.0\\.0\\.1:`, "m"),
    );
  },
);

Then("there is no authority", function (this: ExperimentWorld) {
  assert.equal(this.exists(AUTHORITY), false);
});
