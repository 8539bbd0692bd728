import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";
import { z } from "zod";

import { ProxiedRequest } from "../ledger/domain/proxied-request.ts";
import { openJsonlStore } from "../ledger/store/open-jsonl-store.ts";
import { packageFolder } from "../runner/package-folder.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** 39 MB. */
const WINDOWS = 700;
const LEDGER = ".experiment/ledger";
const CACHE = ".cache/counterbalance";

const printed = new WeakMap<ExperimentWorld, string>();

function cached(world: ExperimentWorld): readonly string[] {
  const folder = world.file(CACHE);
  return readdirSync(folder).map((name) => path.join(folder, name));
}

function endingsIn(world: ExperimentWorld): readonly string[] {
  return cached(world)
    .map((file) => path.extname(file))
    .toSorted();
}

function usedIn(json: string): number {
  return JSON.parse(json).budgets.overall.used;
}

Given("a ledger of more than 32 MiB", async function (this: ExperimentWorld) {
  const script = path.join(packageFolder(), "runner/bench/report/fill-report-ledger.ts");
  await execa(process.execPath, [script, this.file(LEDGER), String(WINDOWS)]);
});

Given("the preview was seen", async function (this: ExperimentWorld) {
  await this.run("experiment preview");
  assert.equal(this.last.exitCode, 0, this.last.stderr);
  printed.set(this, this.last.stdout);
  this.isExitCodeSeen = true;
});

Given(
  "a request of 1,000,000 tokens was added to the ledger",
  async function (this: ExperimentWorld) {
    await this.run("experiment preview --json");
    printed.set(this, this.last.stdout);
    this.isExitCodeSeen = true;
    const store = await openJsonlStore({
      folder: this.file(LEDGER),
      clock: this.clock,
      agentId: "a",
      toolVersion: "1",
    });
    const [row] = store.read("proxy_telemetry");
    const usage = { requests: 1, input_uncached: 1_000_000 };
    const { record, ...request } = { ...z.object(ProxiedRequest.shape).parse(row), usage };
    await store.append("proxy_telemetry", [{ record, schema_version: "1.0.0", ...request }]);
    await store.close();
  },
);

Given("a byte of each file in the cache was changed", function (this: ExperimentWorld) {
  for (const file of cached(this)) {
    const bytes = readFileSync(file);
    const at = bytes.length - 10;
    bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
    writeFileSync(file, bytes);
  }
});

Given("nothing is cached", function (this: ExperimentWorld) {
  rmSync(this.file(CACHE), { recursive: true });
});

When("the preview is seen again", async function (this: ExperimentWorld) {
  await this.run("experiment preview");
});

Then("it prints what it printed before", function (this: ExperimentWorld) {
  this.isExitCodeSeen = true;
  assert.equal(this.last.stdout, printed.get(this));
});

Then(
  "the cache holds the check, the fold, the sums and the report",
  function (this: ExperimentWorld) {
    assert.deepEqual(endingsIn(this), [".checked", ".fold", ".report", ".sums"]);
  },
);

Then("the cache holds the check, the fold and the sums", function (this: ExperimentWorld) {
  assert.deepEqual(endingsIn(this), [".checked", ".fold", ".sums"]);
});

Then("it counts the request", function (this: ExperimentWorld) {
  this.isExitCodeSeen = true;
  const before = usedIn(printed.get(this) ?? "");
  assert.ok(usedIn(this.last.stdout) > before, String(before));
});

Then("a preview without the cache shows the same", async function (this: ExperimentWorld) {
  const { stdout } = this.last;
  rmSync(this.file(CACHE), { recursive: true });
  await this.run("experiment preview --json");
  this.isExitCodeSeen = true;
  assert.equal(this.last.stdout, stdout);
});
