import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { Given, Then } from "@cucumber/cucumber";

import { dealtTo } from "./support/counted-model.ts";
import { ownUpstreamOf, PROVIDER_KEY } from "./support/own-upstream.ts";
import type { ExperimentWorld } from "./support/world.ts";

const REPLAYED = "again";
const RECORDED = ".experiment";
/** How often the scripted model had been asked when the recording was made. */
const askedBefore = new WeakMap<ExperimentWorld, number>();

Given("it has been recorded in {string}", async function (this: ExperimentWorld, folder: string) {
  await this.run(`experiment run --seed 42 --record ${folder}`);
  this.isExitCodeSeen = true;
  assert.equal(this.last.exitCode, 0, this.last.stderr);
  askedBefore.set(this, dealtOrNone(this));
});

Given("the last exchange of {string} is lost", function (this: ExperimentWorld, folder: string) {
  const last = readdirSync(this.file(folder)).toSorted().at(-1);
  assert.ok(last !== undefined);
  rmSync(this.file(path.join(folder, last)));
});

Then("the scripted model has received no further request", function (this: ExperimentWorld) {
  assert.equal(dealtTo(this).length, askedBefore.get(this));
});

Then(
  "the rows in {string} and the ends of its windows are the recorded ones, but for the method {string}",
  function (this: ExperimentWorld, folder: string, method: string) {
    assertReplayed(this, folder);
    assertSameEnds(this, method);
  },
);

function assertReplayed(world: ExperimentWorld, folder: string): void {
  world.isExitCodeSeen = true;
  const replayed = requestsIn(world, folder);
  assert.ok(replayed.length > 0);
  assert.deepEqual(replayed, requestsIn(world, RECORDED));
}

function assertSameEnds(world: ExperimentWorld, method: string): void {
  const recorded = finalsIn(world, RECORDED);
  assert.ok(recorded.length > 0);
  assert.deepEqual(
    finalsIn(world, REPLAYED),
    recorded.map((row) => ({ ...row, methodology: method })),
  );
}

Then(
  "every agent's last answer in {string} is a hard stop, once",
  function (this: ExperimentWorld, folder: string) {
    const statuses = requestsIn(this, folder).map(({ status }) => status);
    assert.equal(statuses.at(-1), 402);
    assert.equal(statuses.filter((status) => status === 402).length, 1);
  },
);

Then(
  "it holds what the agent printed, and neither its key nor the provider's",
  function (this: ExperimentWorld) {
    const [, key = ""] = /ANTHROPIC_API_KEY=([0-9a-f-]{36})/.exec(toldUpstream(this)) ?? [];
    const bodies = bodiesIn(this, "recording");
    assert.ok(key !== "" && bodies.includes("ANTHROPIC_API_KEY=****"), bodies.slice(0, 2000));
    const kept = bodies + filesIn(this, "recording");
    assert.deepEqual(
      [key, PROVIDER_KEY].filter((secret) => kept.includes(secret)),
      [],
    );
  },
);

function dealtOrNone(world: ExperimentWorld): number {
  try {
    return dealtTo(world).length;
  } catch {
    return 0;
  }
}

/** What the recording must bring about again, row by row. */
function requestsIn(world: ExperimentWorld, folder: string) {
  return rowsIn(world, folder, "proxy_telemetry")
    .filter((row) => row["record"] === "request_proxied" && row["kind"] === "model")
    .map(({ window, provider, status, model, usage, error }) => ({
      window,
      provider,
      status,
      model,
      usage,
      error,
    }));
}

function finalsIn(world: ExperimentWorld, folder: string) {
  return rowsIn(world, folder, "windows")
    .filter((row) => row["record"] === "window_finalized")
    .map(({ window, outcome, quality, usage, churn, methodology }) => ({
      window,
      outcome,
      quality,
      usage,
      churn,
      methodology,
    }));
}

function rowsIn(
  world: ExperimentWorld,
  folder: string,
  file: string,
): readonly Readonly<Record<string, unknown>>[] {
  const lines = world.read(path.join(folder, "ledger", `${file}.jsonl`)).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

function toldUpstream(world: ExperimentWorld): string {
  return ownUpstreamOf(world)
    .requests.map(({ body }) => String(body))
    .join("\n");
}

function filesIn(world: ExperimentWorld, folder: string): string {
  const names = readdirSync(world.file(folder));
  return names.map((name) => world.read(path.join(folder, name))).join("\n");
}

/** The recorded bodies, no longer in base64. */
function bodiesIn(world: ExperimentWorld, folder: string): string {
  const names = readdirSync(world.file(folder));
  return names
    .map((name) => JSON.parse(world.read(path.join(folder, name))))
    .map(({ request_body: body }) => Buffer.from(body, "base64").toString())
    .join("\n");
}
