import { expect, test } from "vitest";

import { openExperimentView } from "../../ledger/views/open-view.ts";
import {
  appendAll,
  createSampleLedger,
  type Filed,
} from "../../ledger/views/test-support/sample-ledger.ts";
import { type Cell, EXPERIMENT, requested } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { countUnmetered, describeTraffic } from "./describe-providers.ts";

const CELL: Cell = {
  window: "W0-01",
  provider: "cand",
  feature_id: "cache",
  replicate: 1,
  period: 1,
};

async function viewOf(rows: readonly Record<string, unknown>[]) {
  const store = createSampleLedger();
  await appendAll(
    store,
    rows.map((changes): Filed => ["proxy_telemetry", requested(CELL, changes)]),
  );
  return openExperimentView(store, EXPERIMENT);
}

async function trafficOf(rows: readonly Record<string, unknown>[]) {
  return describeTraffic(gatherEvidence(await viewOf(rows)));
}

const toGlm = {
  backend_provider: "glm",
  routed_by: "subagents[0]",
  subagent_id: "a1",
  latency_ms: 800,
};
const toOwn = { backend_provider: "anthropic", latency_ms: 100 };

test("prompts are shared out by backend, and being routed is no error", async () => {
  expect(await trafficOf([toGlm, { ...toGlm, latency_ms: 1600 }, toGlm, toOwn])).toEqual([
    {
      provider: "cand",
      backend: "anthropic",
      prompts: 1,
      routed_pct: 25,
      p50: 100,
      p95: 100,
      error_rate: 0,
      subagent_prompts: 0,
    },
    {
      provider: "cand",
      backend: "glm",
      prompts: 3,
      routed_pct: 75,
      p50: 800,
      p95: 1520,
      error_rate: 0,
      subagent_prompts: 3,
    },
  ]);
});

test.each([
  ["a network error", { status: 0, error: "ECONNRESET" }, 1, 1],
  ["an answer that broke off", { is_stream_cut: true, error: "answer_incomplete" }, 1, 1],
  ["an error status", { status: 529, error: "overloaded_error" }, 1, 1],
  ["a client that left", { status: 200, is_client_gone: true, error: "client_left" }, 1, null],
])("%s", async (...[, changes, prompts, error_rate]) => {
  expect(await trafficOf([{ ...toGlm, ...changes }])).toMatchObject([{ prompts, error_rate }]);
});

test.each([
  ["a refusal by our own budget", { status: 402, refused_by: "overall", backend_provider: null }],
  ["a request that asks no model", { ...toGlm, kind: "count_tokens" }],
])("%s counts nowhere", async (_, changes) => {
  expect(await trafficOf([changes])).toEqual([]);
});

test("requests that nothing could count are counted apart, and whether they passed", async () => {
  const unmetered = { kind: "unmetered", dialect: null, usage: null };
  const refused = { ...unmetered, status: 402, error: "uncounted_path", backend_provider: null };
  const rows = [{ ...toOwn, ...unmetered }, { ...toGlm, ...unmetered }, refused, toOwn];
  expect(countUnmetered(await viewOf(rows))).toEqual([{ provider: "cand", passed: 2, refused: 1 }]);
  expect(countUnmetered(await viewOf([toOwn]))).toEqual([]);
});
