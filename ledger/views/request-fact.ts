import type { ProxiedRequest } from "../domain/proxied-request.ts";
import type { RequestFact, RequestFate, Stamp } from "./experiment-fact.ts";

export function requestFact(row: ProxiedRequest, stamp: Stamp): RequestFact {
  const { window, attempt, provider, latency_ms, usage } = row;
  return {
    ...stamp,
    kind: "request",
    window,
    attempt,
    provider,
    fate: fateOf(row),
    is_model: row.kind === "model",
    backend: row.backend_provider,
    latency_ms,
    usage,
  };
}

/**
 * A refusal by our own budget is no error of the provider's, nor is a client that left. An answer
 * that began with status 200 and then broke off, or carried an error event, is one.
 */
function fateOf(row: ProxiedRequest): RequestFate {
  if (row.refused_by !== null) return "refused";
  if (row.status === 0 || (row.status !== null && row.status >= 400)) return "failed";
  if (row.is_client_gone) return "abandoned";
  if (row.is_stream_cut || row.error !== null) return "failed";
  return row.status === null ? "abandoned" : "answered";
}
