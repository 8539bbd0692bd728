import type { ProxiedRequest } from "../domain/proxied-request.ts";
import type { RequestFact, RequestFate } from "./experiment-fact.ts";

export function requestFact(row: ProxiedRequest, id: string): RequestFact {
  const { window, attempt, provider, latency_ms, usage, model, status, cost_usd } = row;
  return {
    kind: "request",
    id,
    window,
    attempt,
    provider,
    fate: fateOf(row),
    is_model: row.kind === "model",
    is_subagent: row.subagent_id !== null,
    backend: row.backend_provider,
    latency_ms,
    usage,
    model,
    status,
    cost_usd,
  };
}

type Ending = Pick<
  ProxiedRequest,
  "refused_by" | "status" | "is_client_gone" | "is_stream_cut" | "error"
>;

/**
 * A refusal by our own budget is no error of the provider's, nor is a client that left. An answer
 * that began with status 200 and then broke off, or carried an error event, is one.
 */
export function fateOf(row: Ending): RequestFate {
  if (row.refused_by !== null) return "refused";
  if (row.status === 0 || (row.status !== null && row.status >= 400)) return "failed";
  if (row.is_client_gone) return "abandoned";
  if (row.is_stream_cut || row.error !== null) return "failed";
  return row.status === null ? "abandoned" : "answered";
}
