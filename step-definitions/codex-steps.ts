import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";

import { byHand, runCodex } from "./support/agents-by-hand.ts";
import { PROVIDER_KEY } from "./support/experiment-file.ts";
import { useInstalled } from "./support/installed-agents.ts";
import { labOf } from "./support/lab.ts";
import { requestRows, usageOf } from "./support/ledger-windows.ts";
import { openProxyOf } from "./support/open-proxy.ts";
import { filesHolding } from "./support/search-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** The key of the address that an agent was given. */
const attemptKeys = new WeakMap<ExperimentWorld, string>();

Given("Codex is installed", async function (this: ExperimentWorld) {
  return await useInstalled(this, { command: "codex", title: "Codex" });
});

Given("its providers are reached by {word}", function (this: ExperimentWorld, via: string) {
  const file = parse(this.read("experiment.yaml"));
  for (const provider of Object.values<Record<string, unknown>>(file.providers)) {
    provider["via"] = via;
  }
  this.write("experiment.yaml", stringify(file));
});

When(
  "a user gives Codex the address of {string} as openai_base_url",
  async function (this: ExperimentWorld, provider: string) {
    await openProxyOf(this).open();
    const address = openProxyOf(this).address(provider);
    attemptKeys.set(this, address.split("/w/")[1] ?? "");
    await runCodex(this, `${address}/v1`);
    await openProxyOf(this).close();
  },
);

Then("it succeeds", function (this: ExperimentWorld) {
  const { exitCode, output } = byHand(this);
  assert.equal(exitCode, 0, output);
});

Then(
  "each of its {int} answers is in the ledger with the tokens that the server dealt",
  function (this: ExperimentWorld, count: number) {
    const answered = requestRows(this).filter(
      ({ status, kind }) => status === 200 && kind === "model",
    );
    const dealt = labOf(this)
      .server?.dealt()
      .filter(({ status, path }) => status === 200 && path === "/v1/responses");
    assert.equal(answered.length, count);
    assert.deepEqual(
      answered.map((row) => usageOf([row])),
      dealt?.map(({ usage }) => usage),
    );
  },
);

Then(
  "neither its credential nor its key is in a file of the proxy's, or in what it printed",
  function (this: ExperimentWorld) {
    const key = attemptKeys.get(this) ?? "";
    assert.match(key, /^[0-9a-f-]{36}$/);
    for (const secret of [key, "sk-dummy", PROVIDER_KEY]) {
      assert.deepEqual(filesHolding(this.file(".experiment"), secret), []);
    }
    assert.ok(!byHand(this).output.includes("sk-dummy"));
  },
);
