import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";

export const BENCH_EXPERIMENT = "0123456789ab";
const REQUESTS_A_WINDOW = 60;
/** Opened, ended, two snapshots, churn and rollup; each request is reserved, reported and debited. */
export const ROWS_A_WINDOW = 6 + 3 * REQUESTS_A_WINDOW;
const MODEL = "claude-sonnet-4-5-20250929";
const SESSION = "3cde95fc-0eb2-44ed-8903-d507fc9497e5";
const COMMITS = {
  commit_start: "94c466aeac783c924d7acc53e8357c7f8dc8f6dd",
  commit_end: "28c3cbb360536e61f00a734c4d5822c82caa0198",
};
const MOMENT = "2026-11-21T11:03:20.248Z";
const CHURN = { files_changed: 1, insertions: 31, deletions: 1 };

export interface Filed {
  readonly file: LedgerFile;
  readonly row: NewRow;
}

/** What a session of Claude-like requests records of one window, in the fields and lengths of real rows. */
export function windowRows(number: number, requests = REQUESTS_A_WINDOW): readonly Filed[] {
  const key = keyOf(number);
  return [
    { file: "windows", row: openedRow(key, number) },
    { file: "snapshots", row: snapshotRow(key, "before") },
    ...Array.from({ length: requests }, (_, index) => requestRows(key, index)).flat(),
    { file: "snapshots", row: snapshotRow(key, "after") },
    { file: "churn", row: { record: "churn_measured", ...key, ...COMMITS, churn: CHURN } },
    { file: "proxy_telemetry", row: rollupRow(key) },
    { file: "windows", row: finalRow(key, number) },
  ];
}

function keyOf(number: number) {
  return {
    experiment_id: BENCH_EXPERIMENT,
    window: `W0-${String(number).padStart(2, "0")}`,
    attempt: 1,
    provider: number % 2 === 0 ? "claude" : "codex",
    feature_id: `room-bookings-${String(Math.ceil(number / 2))}`,
    replicate: 1,
    period: 2 - (number % 2),
  };
}

type Key = ReturnType<typeof keyOf>;

function openedRow(key: Key, executed_order: number): NewRow {
  const marker = `cb-${BENCH_EXPERIMENT}-${key.window}-1-8508773e-ca24-49b3-af59-dfd8a5d1684d`;
  const workspace = `/var/tmp/counterbalance/${BENCH_EXPERIMENT}-6f6b5592`;
  return {
    record: "window_opened",
    ...key,
    session_id: SESSION,
    executed_order,
    marker,
    workspace,
  };
}

function snapshotRow(key: Key, phase: "before" | "after"): NewRow {
  return {
    record: "snapshot_taken",
    ...key,
    phase,
    meters: [meter(phase === "before" ? 0 : 5057)],
    raw: null,
    raw_sha256: null,
    parser: "proxy-counter",
    parser_version: "1",
    notes: [],
    errors: [],
  };
}

function meter(used: number) {
  return { name: "proxy", limit_window_minutes: null, unit: "tokens", used, as_of: MOMENT };
}

function requestRows(key: Key, index: number): readonly Filed[] {
  const usage = usageOf(index);
  const reservation = `${key.window}.1.${String(index + 1)}`;
  const total = usage.input_uncached + usage.cache_write_5m + usage.output;
  const budget = { ...key, basis: "uncached", reservation };
  const debit = {
    ...budget,
    command: "/implement",
    role: "implementer",
    delta: total,
    total,
    overshoot: 0,
    is_final: true,
    model: MODEL,
    usage,
  };
  return [
    { file: "budgets", row: { record: "budget_reserved", ...budget, tokens: total + 100 } },
    { file: "proxy_telemetry", row: requestRow(key, index) },
    { file: "budgets", row: { record: "budget_debited", ...debit } },
  ];
}

function usageOf(index: number) {
  return {
    input_uncached: 7,
    cache_read: 2330 * index,
    cache_write_5m: 2333,
    cache_write_1h: 0,
    output: 360 + index,
    requests: 1,
  };
}

function requestRow(key: Key, index: number): NewRow {
  const usage = usageOf(index);
  const prompt_tokens = usage.input_uncached + usage.cache_read + usage.cache_write_5m;
  return proxiedRequest({
    ...key,
    timestamp: MOMENT,
    session_id: SESSION,
    backend_provider: "anthropic",
    model: MODEL,
    prompt_tokens,
    completion_tokens: usage.output,
    latency_ms: 1_000 + index * 36.5,
    trace_id: "07d434e0-4089-44c3-8931-d24a39bebe80",
    requested_model: "claude-sonnet-4-5",
    usage,
    ttft_ms: 310.7,
    upstream_request_id: "req_011CTmwqautqp000001aBcDe",
  });
}

function rollupRow(key: Key): NewRow {
  return {
    record: "window_traffic_summed",
    ...key,
    total_prompts: REQUESTS_A_WINDOW,
    total_tokens: 15_629,
    routed_pct: { anthropic: 100 },
    error_rate: 0,
    mean_latency_ms: 1_237.5,
    p50: 1_219,
    p95: 1_474.5,
  };
}

function finalRow(key: Key, executed_order: number): NewRow {
  return {
    record: "window_finalized",
    ...key,
    executed_order,
    outcome: "pass",
    reason: null,
    methodology: "agent-cli-through-proxy",
    ...COMMITS,
    opened_at: MOMENT,
    ended_at: MOMENT,
    duration_ms: 2316,
    quality: 1,
    scenarios: Array.from({ length: 12 }, (_, index) => ({
      name: `A booking that overlaps another is turned away (${String(index)})`,
      suite: index < 8 ? "visible" : "held-out",
      status: "passed",
    })),
    usage: { ...usageOf(0), requests: REQUESTS_A_WINDOW },
    cost: { measure: "tokens", amount: 5057, is_lower_bound: false },
    earlier_attempts: { attempts: 0, usage: { requests: 0 } },
    meters: { before: [meter(0)], after: [meter(5057)] },
    capacity: [{ name: "proxy", unit: "tokens", delta: 5057 }],
    timings: { agent_ms: 528, grading_ms: 1615 },
    churn: CHURN,
    requests: { total: REQUESTS_A_WINDOW, errors: 0, refused: 0 },
    anomalies: [],
    isolation: "bubblewrap",
    agent_isolation: "bubblewrap",
    exit_code: 0,
    reported_usage: null,
    versions: { "builtin-agent": "0.1.0", cucumber: "13.3.0" },
  };
}
