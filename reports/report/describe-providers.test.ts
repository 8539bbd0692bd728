import { describe, expect, it } from "vitest";

import { type Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { type Cell, requested } from "../../ledger/views/test-support/sample-rows.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "./build-report.ts";

const CACHE_BASE: Cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };

async function reportOf(rows: readonly Filed[]) {
  return buildReport(await viewOf(rows));
}

describe("requests", () => {
  it("takes a network error for an error, and neither a refusal of ours nor a client that left", async () => {
    const cell = CACHE_BASE;
    const report = await reportOf([
      ...rowsOf(FOUR_PAIRS.slice(0, 1)),
      ["proxy_telemetry", requested(cell, { latency_ms: 100 })],
      ["proxy_telemetry", requested(cell, { latency_ms: 300 })],
      ["proxy_telemetry", requested(cell, { latency_ms: 200, status: 0, usage: null })],
      ["proxy_telemetry", requested(cell, { latency_ms: 400, status: 529, usage: null })],
      ["proxy_telemetry", requested(cell, { status: 429, refused_by: "overall", usage: null })],
      ["proxy_telemetry", requested(cell, { status: null, is_client_gone: true, usage: null })],
      ["proxy_telemetry", requested({ ...cell, window: "W0-02", provider: "cand", period: 2 })],
      ["proxy_telemetry", requested(cell, { kind: "count_tokens", latency_ms: 5 })],
    ]);
    const [base] = report.providers;
    expect(base?.requests).toStrictEqual({
      total: 6,
      errors: 2,
      refused: 1,
      error_rate: 0.5,
      touched_by: [],
    });
    expect(base?.latency_ms).toStrictEqual({ n: 4, p50: 250, p95: 385 });
  });

  it("falls back on the final row's counts where there is no telemetry", async () => {
    const report = await reportOf(rowsOf(FOUR_PAIRS.slice(0, 1)));
    expect(report.providers[0]?.requests).toMatchObject({ total: 1, errors: 0, error_rate: 0 });
    expect(report.providers[0]?.latency_ms).toStrictEqual({ n: 0, p50: null, p95: null });
  });
});
