import { expect, test } from "vitest";

import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { AttemptTally } from "./attempt-tally.ts";

const REQUEST: ProxiedRequest = {
  record: "request_proxied",
  timestamp: "2026-11-21T10:00:00.000Z",
  session_id: null,
  subagent_id: null,
  backend_provider: "own",
  model: "m",
  prompt_tokens: 1,
  completion_tokens: 1,
  latency_ms: 5,
  status: 200,
  trace_id: null,
  window: "W0-01",
  attempt: 1,
  provider: "a",
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
};

function read(...requests: readonly Partial<ProxiedRequest>[]) {
  const tally = new AttemptTally(0, "own");
  for (const request of requests) tally.add({ ...REQUEST, ...request }, 0);
  return tally.read();
}

const ROUTED = { backend_provider: "glm", cost_usd: 0.5 };

test("dollars of requests to other upstreams are summed up apart, and are in the whole", () => {
  const { dollars, dollarsElsewhere } = read({}, ROUTED, ROUTED);
  expect([dollars.amount, dollarsElsewhere]).toEqual([1.25, 1]);
});

test("where nothing went elsewhere, nothing is to be paid there", () => {
  expect(read({}, {}).dollarsElsewhere).toBe(0);
});

test("a routed request without a price leaves what is paid elsewhere unknown", () => {
  expect(read({}, ROUTED, { ...ROUTED, cost_usd: null }).dollarsElsewhere).toBeNull();
});

test("a request of one's own without a price does not", () => {
  expect(read({ cost_usd: null }, ROUTED).dollarsElsewhere).toBe(0.5);
});
