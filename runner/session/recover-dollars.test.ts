import { expect, test } from "vitest";

import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { recoverDollars } from "./recover-dollars.ts";

const ATTEMPT = { window: "W0-01", attempt: 1 };

function row(changes: Partial<ProxiedRequest> = {}): ProxiedRequest {
  return {
    record: "request_proxied",
    timestamp: "2026-01-01T00:00:00.000Z",
    session_id: "s",
    subagent_id: null,
    backend_provider: "vendor",
    model: "m",
    prompt_tokens: 1,
    completion_tokens: 1,
    latency_ms: 1,
    status: 200,
    trace_id: "t",
    ...ATTEMPT,
    provider: "p",
    requested_model: "m",
    usage: { input_uncached: 1, output: 1, requests: 1 },
    ttft_ms: 1,
    cost_usd: 0.25,
    refused_by: null,
    error: null,
    experiment_id: "0123456789ab",
    dialect: "anthropic-messages",
    kind: "model",
    convention: "cache_apart",
    completion_tokens_estimate: null,
    is_client_gone: false,
    is_stream_cut: false,
    upstream_request_id: null,
    client_session_id: null,
    ...changes,
  };
}

function recover(rows: readonly object[]) {
  const experimentId = "0123456789ab";
  return recoverDollars(
    rows.map((one) => ({ ...one })),
    { experimentId, opened: [ATTEMPT] },
  )(ATTEMPT);
}

test("the requests of an attempt without an end add up", () => {
  expect(recover([row(), row()])).toMatchObject({ amount: 0.5, known: 0.5 });
});

test.each<[string, object]>([
  ["of another attempt", { attempt: 2 }],
  ["of another window", { window: "W0-02" }],
  ["of another experiment", { experiment_id: "ba9876543210" }],
  ["that a budget refused", { refused_by: "overall", usage: null, cost_usd: null }],
  ["that asks no model", { kind: "count_tokens", usage: null, cost_usd: null }],
])("a request %s is none of it", (_, changes) => {
  expect(recover([row(), { ...row(), ...changes }])).toMatchObject({ amount: 0.25, untold: 0 });
});

test("an attempt without a request took nothing that is known", () => {
  expect(recover([])).toEqual({ amount: 0, known: 0, unpriced: [], untold: 0 });
});
