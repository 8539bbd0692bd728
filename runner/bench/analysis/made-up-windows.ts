import type { NewRow } from "../../../ledger/domain/row.ts";
import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";
import type { AnalysedWindow } from "../../../reports/statistics/candidate/window.ts";
import { normQuantile } from "../../../reports/statistics/numerics/normal.ts";
import { openStream } from "../../../reports/statistics/randomisation/stream.ts";

export const PROVIDERS = ["baseline", "candidate"] as const;
export const REQUESTS_A_WINDOW = 20;
export const EXPERIMENT = "0123456789ab";
const SAVING = 2.5;
const SCENARIOS = 12;

/** Windows of as many pairs, with spread in everything that is measured; always the same. */
export function madeUpWindows(pairs: number): readonly AnalysedWindow[] {
  const rng = openStream("bench", "windows");
  const normal = () => normQuantile(rng() || 0.5);
  return Array.from({ length: pairs }, (_, pair) => pair).flatMap((pair) => {
    const effort = 0.3 * normal();
    return PROVIDERS.map((provider, arm) => ({
      feature: `feature-${String(pair + 1)}`,
      replicate: 1,
      provider,
      period: ((pair + arm) % 2) + 1,
      cost: Math.round(Math.exp(11 + effort + 0.3 * normal()) / (arm === 0 ? 1 : SAVING)),
      quality: rng() < 0.8 ? 1 : Math.round(rng() * SCENARIOS) / SCENARIOS,
      errors: rng() < 0.1 ? 1 : 0,
      requests: REQUESTS_A_WINDOW,
      latenciesMs: Array.from({ length: REQUESTS_A_WINDOW }, () => Math.exp(7 + 0.5 * normal())),
    }));
  });
}

/** The rows that a session would have written of such a window. */
export function rowsOf(window: AnalysedWindow, number: number): readonly NewRow[] {
  const key = {
    experiment_id: EXPERIMENT,
    window: `W0-${String(number).padStart(2, "0")}`,
    attempt: 1,
    provider: window.provider,
    feature_id: window.feature,
    replicate: window.replicate,
    period: window.period,
  };
  return [...requestRows(key, window), finalRow(key, window, number)];
}

type Key = Readonly<Record<string, unknown>>;

/** The rows of a window's requests, as the proxy writes them. */
export function requestRows(key: Key, { latenciesMs, errors }: AnalysedWindow): readonly NewRow[] {
  return (latenciesMs ?? []).map((latency_ms, index) =>
    proxiedRequest({ ...key, latency_ms, status: index < (errors ?? 0) ? 500 : 200 }),
  );
}

function finalRow(key: Key, { cost, quality, errors }: AnalysedWindow, order: number): NewRow {
  const moment = "2026-01-01T00:00:00.000Z";
  return {
    record: "window_finalized",
    ...key,
    executed_order: order,
    outcome: quality === 1 ? "pass" : "partial",
    reason: null,
    methodology: "bench",
    commit_start: "0".repeat(40),
    commit_end: "1".repeat(40),
    opened_at: moment,
    ended_at: moment,
    duration_ms: 1,
    quality,
    scenarios: [],
    usage: { input_uncached: cost, requests: REQUESTS_A_WINDOW },
    cost: { measure: "tokens", amount: cost, is_lower_bound: false },
    earlier_attempts: { attempts: 0, usage: { requests: 0 } },
    meters: { before: [], after: [] },
    capacity: [],
    churn: null,
    requests: { total: REQUESTS_A_WINDOW, errors: errors ?? 0, refused: 0 },
    anomalies: [],
    isolation: null,
    agent_isolation: null,
    exit_code: 0,
    reported_usage: null,
    versions: {},
  };
}
