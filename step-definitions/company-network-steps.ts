import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

import {
  startCompanyProxy,
  type TestCompanyProxy,
} from "../runner/gateway/proxy/test-support/company-proxy.ts";
import { startFakeUpstream } from "../runner/gateway/proxy/test-support/fake-upstream.ts";
import { askingFor } from "./support/asking-agent.ts";
import { useUpstreamAt } from "./support/own-upstream.ts";
import { filesHolding } from "./support/search-files.ts";
import { sendAsStream, sendJson } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const USER = "somebody";
const PASSWORD = "of-the-company-4711";
const LIST = {
  anthropic: { models: { m: { id: "claude-opus-9", cost: { input: 5, output: 25 } } } },
};

const companies = new WeakMap<ExperimentWorld, TestCompanyProxy>();

Given(
  /^a small experiment in the network of a company(?: whose agent asks for "(.*)")?$/u,
  async function (this: ExperimentWorld, url: string | null) {
    const answer = url === null ? { outputTokens: 5 } : askingFor([url]);
    const internet = await startFakeUpstream((response, { method, body }) => {
      if (method === "GET") return sendJson(response, JSON.stringify(LIST));
      const isAsked = url !== null && !body.includes("tool_result");
      return sendAsStream(response, isAsked ? answer : { outputTokens: 5 });
    });
    this.cleanups.push(async () => await internet.stop());
    const user = `${USER}:${PASSWORD}`;
    const company = await startCompanyProxy(internet.origin, { user });
    this.cleanups.push(async () => await company.stop());
    companies.set(this, company);
    const address = company.url.replace("//", `//${user}@`);
    Object.assign(this.variables, { HTTPS_PROXY: address, http_proxy: address });
    this.variables["NODE_EXTRA_CA_CERTS"] = company.caFile;
    // Node itself must not ask the company's proxy for the proxy on loopback.
    this.variables["NODE_USE_ENV_PROXY"] = "1";
    useUpstreamAt(this, "https://models.example");
  },
);

Then(
  "the company's proxy has led to {string} only, and nothing kept or printed has its password",
  function (this: ExperimentWorld, hosts: string) {
    const company = companies.get(this);
    const led = new Set(company?.led.map(({ method, target }) => `${method} ${target}`));
    const expected = hosts.split(", ");
    assert.deepEqual(
      [...led].toSorted(),
      expected.map((host) => `CONNECT ${host}`),
    );
    assert.deepEqual(
      [...(company?.reached ?? [])].toSorted(),
      expected.map((host) => host.replace(":443", "")),
    );
    const { stdout, stderr } = this.last;
    for (const secret of [PASSWORD, btoa(`${USER}:${PASSWORD}`)]) {
      assert.ok(!`${stdout}${stderr}`.includes(secret), secret);
      assert.deepEqual(filesHolding(this.folder, secret), [], secret);
    }
  },
);
