import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

import { byHand, runCodex } from "./support/agents-by-hand.ts";
import { PROVIDER_KEY } from "./support/experiment-file.ts";
import { labOf } from "./support/lab.ts";
import { requestRows, usageOf } from "./support/ledger-windows.ts";
import { openProxyOf } from "./support/open-proxy.ts";
import { filesHolding } from "./support/search-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** The key of the address that an agent was given. */
const attemptKeys = new WeakMap<ExperimentWorld, string>();

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

Then(
  "its {int} answers are in the ledger with the tokens that the server dealt, and no file or output has its keys",
  function (this: ExperimentWorld, count: number) {
    assertSuccess(this);
    assertAnswers(this, count);
    assertKeysHidden(this);
  },
);

function assertSuccess(world: ExperimentWorld): void {
  const { exitCode, output } = byHand(world);
  assert.equal(exitCode, 0, output);
}

function assertAnswers(world: ExperimentWorld, count: number): void {
  const answered = requestRows(world).filter(
    ({ status, kind }) => status === 200 && kind === "model",
  );
  const dealt = labOf(world)
    .server?.dealt()
    .filter(({ status, path }) => status === 200 && path === "/v1/responses");
  assert.equal(answered.length, count);
  assert.deepEqual(
    answered.map((row) => usageOf([row])),
    dealt?.map(({ usage }) => usage),
  );
}

function assertKeysHidden(world: ExperimentWorld): void {
  const key = attemptKeys.get(world) ?? "";
  assert.match(key, /^[0-9a-f-]{36}$/);
  for (const secret of [key, "sk-dummy", PROVIDER_KEY]) {
    assert.deepEqual(filesHolding(world.file(".experiment"), secret), []);
  }
  assert.ok(!byHand(world).output.includes("sk-dummy"));
}
