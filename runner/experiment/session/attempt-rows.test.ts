import { expect, it } from "vitest";

import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { AttemptResult } from "../windows/window-worker.ts";
import {
  anomalyRows,
  capacityAnomalies,
  churnRows,
  connectionRows,
  endRow,
  lateAnomalies,
  teamRows,
  trafficRows,
} from "./attempt-rows.ts";

const PLANNED = {
  window: "W0-01",
  provider: "one",
  featureId: "f",
  replicate: 2,
  period: 1,
  command: "/implement f",
};
const ORDER = {
  experimentId: "0123456789ab",
  sessionId: "s",
  planned: PLANNED,
  attempt: 1,
  marker: "m",
};
const KEY = {
  experiment_id: "0123456789ab",
  window: "W0-01",
  attempt: 1,
  provider: "one",
  feature_id: "f",
  replicate: 2,
  period: 1,
};
const RESULT: AttemptResult = {
  outcome: "pass",
  reason: null,
  usage: { input_uncached: 100, requests: 1 },
  requests: { total: 1, errors: 0, refused: 0 },
  commitStart: "a",
  commitEnd: "b",
  churn: null,
  quality: 0.5,
  scenarios: [],
  isolation: "permissions",
  agentIsolation: "bubblewrap",
  timings: null,
  exitCode: 0,
  reportedUsage: null,
  anomalies: [],
  versions: { agent: "1" },
};

/** The row that ends an attempt with this result, after so many that count. */
function endOf(changes: Partial<AttemptResult>, counted = 0) {
  return endRow({
    order: ORDER,
    executedOrder: 4,
    openedAt: "2025-10-19T10:00:00.000Z",
    result: { ...RESULT, ...changes },
    methodology: "m",
    meters: { before: [], after: [] },
    capacity: [],
    snapshots: ["h"],
    anomalies: ["a"],
    endedAtMs: epochMsOf("2025-10-19T11:00:00.000Z"),
    durationMs: 12.6,
    measure: "tokens",
    isLowerBound: changes.outcome === "capped",
    earlier: { attempts: 1, usage: { requests: 3 } },
    counted,
  });
}

const PAID = {
  usage: RESULT.usage,
  cost: { measure: "tokens", amount: 100, is_lower_bound: false },
};
const FINAL = {
  executed_order: 4,
  outcome: "pass",
  reason: null,
  methodology: "m",
  commit_start: "a",
  commit_end: "b",
  opened_at: "2025-10-19T10:00:00.000Z",
  ended_at: "2025-10-19T11:00:00.000Z",
  duration_ms: 13,
  quality: 0.5,
  scenarios: [],
  ...PAID,
  earlier_attempts: { attempts: 1, usage: { requests: 3 } },
  meters: { before: [], after: [] },
  capacity: [],
  churn: null,
  requests: { total: 1, errors: 0, refused: 0 },
  snapshots: ["h"],
  anomalies: ["a"],
  isolation: "permissions",
  agent_isolation: "bubblewrap",
  exit_code: 0,
  reported_usage: null,
  versions: { agent: "1" },
};

it("says everything of an attempt that passed, and nothing that is absent", () => {
  expect(endOf({})).toEqual({ record: "window_finalized", ...KEY, ...FINAL });
});

it("has a field for each further thing that is known", () => {
  const work = { file: "captures/x.bundle", sha256: "x", commit: "b" };
  const known = endOf({
    timings: { agent_ms: 1, grading_ms: 2 },
    qualityVisible: 0.25,
    qualityHeldOut: 0.75,
    isReportedMainOnly: true,
    telemetryUsage: null,
    sealedWork: work,
    agentEnd: { outcome: "crashed", reason: null },
    agentLogs: [],
  });
  expect(known).toEqual({
    record: "window_finalized",
    ...KEY,
    ...FINAL,
    timings: { agent_ms: 1, grading_ms: 2 },
    quality_visible: 0.25,
    quality_held_out: 0.75,
    reported_lane: "main",
    telemetry_usage: null,
    sealed_work: work,
    agent_end: { outcome: "crashed", reason: null },
    agent_logs: [],
  });
});

it("marks the cost of a capped attempt as a lower bound", () => {
  expect(endOf({ outcome: "capped" })).toMatchObject({ cost: { is_lower_bound: true } });
});

it("interrupts the window after a failure, and says why", () => {
  expect(endOf({ outcome: "infrastructure", reason: "No disk." })).toEqual({
    record: "window_interrupted",
    ...KEY,
    outcome: "infrastructure",
    reason: "No disk.",
    ...PAID,
  });
  expect(endOf({ outcome: "interrupted", agentLogs: [] })).toMatchObject({
    reason: "interrupted",
    agent_logs: [],
  });
});

it("keeps what a later grade needs if the work was sealed", () => {
  const sealedWork = { file: "captures/x.bundle", sha256: "x", commit: "b" };
  const row = endOf({ outcome: "grader_error", sealedWork, agentLogs: [] });
  expect(row).toMatchObject({
    record: "window_interrupted",
    ungraded: { ...FINAL, outcome: "grader_error", sealed_work: sealedWork, agent_logs: [] },
  });
  expect(row).not.toHaveProperty("agent_logs");
});

it.each([
  [{ outcome: "infrastructure" }, 1, "window_interrupted"],
  [{ outcome: "infrastructure" }, 2, "window_finalized"],
  [{ outcome: "provider_limit" }, 2, "window_interrupted"],
  [{ outcome: "infrastructure", keyRefusal: "401" }, 2, "window_interrupted"],
  [{ outcome: "no_spend" }, 0, "window_finalized"],
] as const)("%j after %i that count is a %s", (changes, counted, record) => {
  expect(endOf(changes, counted)).toMatchObject({ record });
});

it("does not count what says nothing about the window", () => {
  expect(endOf({ outcome: "provider_limit" })).toMatchObject({ is_counted: false });
  expect(endOf({ outcome: "infrastructure", keyRefusal: "401" })).toMatchObject({
    is_counted: false,
  });
  expect(endOf({ outcome: "infrastructure" })).not.toHaveProperty("is_counted");
});

it("names the window that an anomaly affects", () => {
  const anomaly = { kind: "k", observed: { a: 1 }, action: "None." };
  expect(anomalyRows(ORDER, [anomaly])).toEqual([
    {
      record: "anomaly_recorded",
      experiment_id: "0123456789ab",
      window: "W0-01",
      touches: ["W0-01"],
      ...anomaly,
    },
  ]);
});

it("has an anomaly for each meter whose delta is unknown", () => {
  const known = { name: "5h", unit: "percent", delta: 3 } as const;
  const unknown = { name: "weekly", unit: "percent", delta: null, flag: "negative-delta" } as const;
  expect(capacityAnomalies([known, unknown])).toEqual([
    {
      kind: "negative-delta",
      observed: { meter: "weekly" },
      action: "The window's capacity on this meter stays unknown.",
    },
  ]);
});

it("has an anomaly for each reset that had just happened", () => {
  expect(lateAnomalies([{ meter: "5h", resetsAt: "then" }], "now")).toMatchObject([
    { kind: "late-after", observed: { meter: "5h", resets_at: "then", captured_at: "now" } },
  ]);
});

it("has rows for churn, traffic and connections, if there are any", () => {
  const churn = { files_changed: 1, insertions: 2, deletions: 3 };
  const counted = { host: "example.org", port: 443, count: 2 };
  const connections = { blocked: [counted], tunnelled: [{ ...counted, port: 22 }] };
  const result = Object.assign({}, RESULT, { churn, traffic: { requests: 5 }, connections });
  expect(churnRows(ORDER, result)).toEqual([
    { record: "churn_measured", ...KEY, commit_start: "a", commit_end: "b", churn },
  ]);
  expect(trafficRows(ORDER, result)).toEqual([
    { record: "window_traffic_summed", ...KEY, requests: 5 },
  ]);
  expect(connectionRows(ORDER, result)).toEqual([
    { record: "blocked_connection", ...KEY, ...counted },
    { record: "tunnelled_connection", ...KEY, ...counted, port: 22 },
  ]);
  const none = [churnRows, trafficRows, connectionRows, teamRows].map((rows) =>
    rows(ORDER, RESULT),
  );
  expect(none).toEqual([[], [], [], []]);
});
