/** The ten fields that every request's row has by contract. */
export const TELEMETRY_FIELDS = [
  "timestamp",
  "session_id",
  "subagent_id",
  "backend_provider",
  "model",
  "prompt_tokens",
  "completion_tokens",
  "latency_ms",
  "status",
  "trace_id",
];
