import type { ProxiedRequest } from "../proxied-request.ts";

/** A request that was answered, with the fields that matter to a test. */
export function proxiedRequest(changes: Partial<ProxiedRequest> = {}): ProxiedRequest {
  return {
    record: "request_proxied",
    timestamp: "2026-01-01T00:00:00.000Z",
    session_id: "session-1",
    subagent_id: null,
    backend_provider: "scripted",
    model: "model",
    prompt_tokens: 100,
    completion_tokens: 10,
    latency_ms: 100,
    status: 200,
    trace_id: null,
    window: "W0-01",
    attempt: 1,
    provider: "base",
    requested_model: "model",
    usage: { input_uncached: 100, output: 10, requests: 1 },
    ttft_ms: 10,
    cost_usd: null,
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
