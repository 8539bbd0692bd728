import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

import { WindowTrafficSummed } from "../ledger/domain/traffic-summed.ts";
import { startCommand } from "./support/command-run.ts";
import { paneResettingInAnHour } from "./support/manual-work.ts";
import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import type { ExperimentWorld } from "./support/world.ts";

const BODY = bodyFor("claude-sonnet-4-5");

async function askOf(world: ExperimentWorld, provider: string, isSubagents: readonly boolean[]) {
  for (const isSubagent of isSubagents) {
    await openProxyOf(world).ask(provider, BODY, isSubagent);
    assert.equal(openProxyOf(world).answer?.status, 200);
  }
}

When(
  /^the agent of (\S+) asks (?:(\d+) times|once, its sub-agent twice), and the proxy is closed$/u,
  async function (this: ExperimentWorld, provider: string, times: string | undefined) {
    const asked = times ? Array.from({ length: Number(times) }, () => false) : [false, true, true];
    await askOf(this, provider, asked);
    await openProxyOf(this).close();
  },
);

When(
  "a pane of {word} shows {int} percent {word} {string}",
  async function (
    this: ExperimentWorld,
    provider: string,
    used: number,
    phase: string,
    window: string,
  ) {
    const args = ["snapshot", phase, "codex", "--provider", provider, "--window", window];
    const stdin = paneResettingInAnHour(used);
    const { folder: cwd, variables } = this;
    // The proxy may be open: it continues as the command that runs.
    this.last = await startCommand([...args, "--time-zone", "UTC"], { cwd, variables, stdin })
      .ended;
  },
);

Then(
  "one rollup counts, of {int} prompts and {int} tokens in {word}",
  function (this: ExperimentWorld, prompts: number, tokens: number, window: string) {
    const rows = this.rowsOf("proxy_telemetry", "window_traffic_summed");
    const superseded = new Set(rows.map((row) => row.supersedes));
    const [rollup, ...more] = rows
      .filter(({ id }) => !superseded.has(id))
      .map((row) => WindowTrafficSummed.parse(row));
    assert.deepEqual(more, []);
    assert.partialDeepStrictEqual(rollup, {
      window,
      total_prompts: prompts,
      total_tokens: tokens,
      routed_pct: { vendor: 100 },
      error_rate: 0,
    });
  },
);

Then("one before and one after of it count", function (this: ExperimentWorld) {
  const rows = this.rowsOf("snapshots", "snapshot_taken");
  const superseded = new Set(rows.map((row) => row.supersedes));
  const phases = rows.filter(({ id }) => !superseded.has(id)).map((row) => row["phase"]);
  assert.deepEqual(phases, ["before", "after"]);
});
