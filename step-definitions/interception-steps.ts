import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { request } from "node:http";

import { Then, When } from "@cucumber/cucumber";

import { openProxyOf } from "./support/open-proxy.ts";
import type { ExperimentWorld } from "./support/world.ts";

const AUTHORITY = ".experiment/mitm";
const PERMISSIONS = 0o777;

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

Then(
  "only the owner can read the authority's key, and the output names its certificate and an address for {string}",
  function (this: ExperimentWorld, provider: string) {
    assertPrivateKey(this);
    assertAddressNamed(this, provider);
  },
);

function assertPrivateKey(world: ExperimentWorld): void {
  const { mode } = statSync(world.file(`${AUTHORITY}/ca-key.pem`));
  assert.equal(mode & PERMISSIONS, 0o600);
}

function assertAddressNamed(world: ExperimentWorld, provider: string): void {
  const { stdout } = world.last;
  assert.ok(stdout.includes(`NODE_EXTRA_CA_CERTS=${world.file(AUTHORITY)}/ca.pem`), stdout);
  assert.match(stdout, new RegExp(`^${provider} by HTTPS_PROXY: http://.+@127\\.0\\.0\\.1:`, "m"));
}
