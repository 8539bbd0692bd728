import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { AnalysedWindow } from "../../../reports/statistics/candidate/window.ts";
import type { Plan } from "../../plan/assignment/plan.ts";
import { REQUESTS_A_WINDOW } from "../analysis/made-up-windows.ts";
import { type Filed, windowRows } from "../ledger/window-rows.ts";

const FIRST_MS = epochMsOf("2026-01-01T00:00:00.000Z");
const WINDOW_MS = 60_000;
const REQUEST_MS = 2_000;

/** The rows of a session about a made-up window, in the fields and lengths of real rows. */
export function reportRows(
  window: AnalysedWindow,
  { number, plan }: { readonly number: number; readonly plan: Plan },
): readonly Filed[] {
  const { provider, feature: feature_id, period, cost, quality } = window;
  const key = { experiment_id: plan.experimentId, provider, feature_id, period };
  const [errors, latencies] = [window.errors ?? 0, window.latenciesMs ?? []];
  const opened = FIRST_MS + number * WINDOW_MS;
  const final = {
    outcome: quality === 1 ? "pass" : "partial",
    quality,
    opened_at: timestampOf(opened),
    ended_at: timestampOf(opened + WINDOW_MS),
    usage: { input_uncached: cost, requests: REQUESTS_A_WINDOW },
    cost: { measure: "tokens", amount: cost, is_lower_bound: false },
    requests: { total: REQUESTS_A_WINDOW, errors, refused: 0 },
  };
  let request = 0;
  return windowRows(number, REQUESTS_A_WINDOW).map(({ file, row }) => {
    if (row.record === "window_finalized") return { file, row: { ...row, ...key, ...final } };
    if (row.record !== "request_proxied") return { file, row: { ...row, ...key } };
    const latency_ms = Number((latencies[request] ?? 0).toFixed(3));
    const status = request < errors ? 500 : 200;
    request += 1;
    const timestamp = timestampOf(opened + request * REQUEST_MS);
    return { file, row: { ...row, ...key, timestamp, latency_ms, status } };
  });
}
