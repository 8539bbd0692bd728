import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

import { hasEnded, requestFate } from "../ledger/domain/request-fate.ts";
import { tokensIn } from "../ledger/domain/token-basis.ts";
import { WindowTrafficSummed } from "../ledger/domain/traffic-summed.ts";
import { NO_USAGE } from "../ledger/domain/usage.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { dealtTo, useCountedModel } from "./support/counted-model.ts";
import { finalRows, requestRows } from "./support/ledger-windows.ts";
import { ownUpstreamOf, PROVIDER_KEY, useOwnUpstream } from "./support/own-upstream.ts";
import { stageOf } from "./support/proxy-stage.ts";
import { filesHolding } from "./support/search-files.ts";
import { TELEMETRY_FIELDS } from "./support/telemetry-fields.ts";
import { sendAsStream } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const OURS = ["window", "provider", "requested_model", "usage", "ttft_ms", "cost_usd"];
const ENDINGS = ["refused_by", "error"];
const ASK_FOR_ENVIRONMENT = {
  type: "tool_use",
  id: "toolu_1",
  name: "run_command",
  input: { command: "tr '\\0' '\\n' < /proc/$PPID/environ || ps eww -p $PPID" },
};

Given(
  "a small experiment on a scripted model that keeps count",
  async function (this: ExperimentWorld) {
    await useCountedModel(this);
  },
);

Given(
  "a small experiment whose upstream requests the agent's environment",
  async function (this: ExperimentWorld) {
    await useOwnUpstream(this, (response, { body }) =>
      body.includes("tool_result")
        ? sendAsStream(response, { outputTokens: 5 })
        : sendAsStream(response, { content: [ASK_FOR_ENVIRONMENT], stopReason: "tool_use" }),
    );
  },
);

Then("there is no row", function (this: ExperimentWorld) {
  assert.deepEqual(stageOf(this).rows, []);
});

Then(
  "its row is of the kind {string} and reserves nothing",
  function (this: ExperimentWorld, kind: string) {
    assert.deepEqual(
      stageOf(this).rows.map((row) => row.kind),
      [kind],
    );
    assert.deepEqual(stageOf(this).budgetRows, []);
  },
);

Then(
  "no row holds {string} or {string}",
  function (this: ExperimentWorld, first: string, second: string) {
    const { rows, budgetRows } = stageOf(this);
    const text = JSON.stringify([rows, budgetRows]);
    assert.equal(rows.length, 1);
    assert.ok(!text.includes(first) && !text.includes(second), text);
  },
);

Then(
  "there are {int} rows with all ten fields and our own",
  function (this: ExperimentWorld, count: number) {
    const { rows } = stageOf(this);
    assert.equal(rows.length, count);
    for (const row of atLeastOne(rows)) {
      const missing = [...TELEMETRY_FIELDS, ...OURS, ...ENDINGS].filter(
        (field) => row[field] === undefined,
      );
      assert.deepEqual(missing, []);
    }
  },
);

Then(
  "the ledger's requests and the rollup of every window have the tokens and the faults of the model",
  function (this: ExperimentWorld) {
    assertRequests(this);
    assertRollups(this);
    assertRolledTokens(this);
    assertRolledFaults(this);
  },
);

function assertRequests(world: ExperimentWorld): void {
  const dealt = dealtTo(world).filter(({ usage }) => usage.output !== undefined);
  const byRequest = new Map(dealt.map(({ requestId, usage }) => [requestId, usage]));
  const answered = requestRows(world).filter(({ usage }) => usage !== null);
  assert.equal(answered.length, dealt.length);
  for (const { upstream_request_id: id, usage } of atLeastOne(answered)) {
    assert.deepEqual(usage, byRequest.get(id ?? ""));
  }
}

function assertRollups(world: ExperimentWorld): void {
  assert.deepEqual(
    rollupsOf(world).map(({ window }) => window),
    finalRows(world).map(({ window }) => window),
  );
  for (const rollup of atLeastOne(rollupsOf(world))) assertIsSumOfRows(world, rollup);
}

function assertRolledTokens(world: ExperimentWorld): void {
  const dealt = dealtTo(world).reduce((sum, { usage }) => sum + tokensIn("all", usage), 0);
  const summed = atLeastOne(rollupsOf(world)).reduce(
    (sum, { total_tokens: tokens }) => sum + tokens,
    0,
  );
  assert.equal(summed, dealt);
}

function assertRolledFaults(world: ExperimentWorld): void {
  const faults = dealtTo(world).filter(({ status }) => status >= 500).length;
  const told = rollupsOf(world).map((row) => (row.error_rate ?? 0) * row.total_prompts);
  assert.ok(faults > 0);
  assert.equal(Math.round(told.reduce((sum, errors) => sum + errors, 0)), faults);
}

Then("every window's row counts all of its requests as errors", function (this: ExperimentWorld) {
  const rows = finalRows(this);
  assert.ok(rows.length > 0);
  for (const { requests, schema_version } of rows) {
    assert.ok(requests.total > 0);
    const { errors, abandoned } = requests;
    assert.deepEqual([errors, abandoned, schema_version], [requests.total, 0, "1.2"]);
  }
});

Then(
  "every request had the provider's key, which neither the agent, nor a file of the run, nor its output has seen",
  function (this: ExperimentWorld) {
    assertKeySent(this);
    assertKeyUnknown(this);
    assertKeyHidden(this);
  },
);

function assertKeySent(world: ExperimentWorld): void {
  const keys = ownUpstreamOf(world).requests.map(({ headers }) => headers["x-api-key"]);
  assert.ok(keys.length > 2);
  assert.deepEqual([...new Set(keys)], [PROVIDER_KEY]);
}

function assertKeyUnknown(world: ExperimentWorld): void {
  const bodies = ownUpstreamOf(world).requests.map(({ body }) => body.toString());
  assert.ok(
    bodies.some((body) => body.includes("ANTHROPIC_API_KEY=")),
    bodies.at(-1),
  );
  assert.ok(!bodies.some((body) => body.includes(PROVIDER_KEY)));
}

function assertKeyHidden(world: ExperimentWorld): void {
  assert.deepEqual(filesHolding(world.file(".experiment"), PROVIDER_KEY), []);
  assert.ok(!`${world.last.stdout}${world.last.stderr}`.includes(PROVIDER_KEY));
}

function rollupsOf(world: ExperimentWorld): readonly WindowTrafficSummed[] {
  const rows = world.rowsOf("proxy_telemetry", "window_traffic_summed");
  return rows.map((row) => WindowTrafficSummed.parse(row));
}

function assertIsSumOfRows(world: ExperimentWorld, rollup: WindowTrafficSummed): void {
  const rows = requestRows(world).filter(
    ({ window, kind }) => window === rollup.window && kind === "model",
  );
  const latencies = rows
    .filter((row) => hasEnded(requestFate(row)))
    .map(({ latency_ms: latencyMs }) => latencyMs ?? 0)
    .toSorted((a, b) => a - b);
  const tokens = rows.map(({ usage }) => tokensIn("all", usage ?? NO_USAGE));
  assert.equal(rollup.total_prompts, rows.length);
  assert.equal(
    rollup.total_tokens,
    tokens.reduce((sum, each) => sum + each, 0),
  );
  assert.deepEqual(rollup.routed_pct, { models: 100 });
  assertNear(rollup.p50, interpolate(latencies, 0.5));
  assertNear(rollup.p95, interpolate(latencies, 0.95));
}

/** The type-7 quantile of sorted values, from the textbook. */
function interpolate(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (place % 1) * (above - below);
}

/** Rows hold latencies to tenths of a millisecond. */
function assertNear(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) <= 0.051, `${actual}, ${expected}`);
}
