import { describe, expect, it } from "vitest";

import type { NewRow } from "../../../ledger/domain/row.ts";
import { NO_USAGE } from "../../../ledger/domain/usage.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { manualClock } from "../../../ledger/store/test-support/manual-clock.ts";
import { createMemoryStore } from "../../../ledger/store/test-support/memory-store.ts";
import { recordLooks } from "./record-looks.ts";
import { createTracker } from "./tracker.ts";

const AT = "2025-10-19T17:00:00.000Z";
const RESET = "2025-10-19T21:00:00.000Z";

async function openWithPair(): Promise<LedgerStore> {
  const store = createMemoryStore({ clock: manualClock(), agentId: "agent", toolVersion: "0" });
  await store.append("experiments", [
    { record: "experiment_amended", experiment_id: "manual", amended: { baseline: "one" } },
  ]);
  await store.append("snapshots", [...readings("one", 1, 30), ...readings("two", 2, 10)]);
  await store.append("windows", [finalRow("one", 1, 30), finalRow("two", 2, 10)]);
  return store;
}

/** Without its readings a window does not count. */
function readings(provider: string, order: number, used: number): readonly NewRow[] {
  const meter = { name: "5h", limit_window_minutes: 300, unit: "percent", resets_at: RESET };
  return (["before", "after"] as const).map((phase) => ({
    record: "snapshot_taken",
    experiment_id: "manual",
    window: `W0-0${order}`,
    attempt: 1,
    provider,
    feature_id: "search",
    replicate: 1,
    period: 1,
    phase,
    meters: [{ ...meter, used: phase === "before" ? 0 : used, as_of: AT }],
    raw: null,
    raw_sha256: null,
    parser: "codex",
    parser_version: "1",
    notes: [],
    errors: [],
  }));
}

function finalRow(provider: string, order: number, used: number): NewRow {
  return {
    record: "window_finalized",
    experiment_id: "manual",
    window: `W0-0${order}`,
    attempt: 1,
    provider,
    feature_id: "search",
    replicate: 1,
    period: 1,
    executed_order: order,
    outcome: "pass",
    reason: null,
    methodology: "by-hand",
    commit_start: "1a2b3c4",
    commit_end: "5d6e7f8",
    opened_at: AT,
    ended_at: AT,
    duration_ms: 0,
    quality: 1,
    scenarios: [],
    usage: NO_USAGE,
    cost: { measure: "tokens", amount: null, is_lower_bound: false },
    earlier_attempts: { attempts: 0, usage: NO_USAGE },
    meters: { before: [], after: [] },
    capacity: [{ name: "5h", unit: "percent", delta: used }],
    churn: null,
    requests: { total: 0, errors: 0, refused: 0 },
    anomalies: [],
    isolation: null,
    exit_code: null,
    reported_usage: null,
    versions: {},
  };
}

/** Trackers of several agents on one ledger; looks need no folder. */
function trackerOf(store: LedgerStore, agent: string) {
  const folder = {
    root: "",
    given: null,
    store: null,
    ledger: "",
    state: "",
    captures: "",
    reports: "",
  };
  return createTracker({ store, folder, agent, clock: manualClock() });
}

function rowsIn(store: LedgerStore, file: "looks" | "decisions") {
  return [...store.read(file)].map((row) => [row.record, row.agent_id]);
}

describe("the looks at manual windows", () => {
  it("are taken once, with the decision", async () => {
    const store = await openWithPair();
    await recordLooks(trackerOf(store, "a"));
    await recordLooks(trackerOf(store, "a"));
    expect(rowsIn(store, "looks")).toEqual([["look_taken", "a"]]);
    expect(rowsIn(store, "decisions")).toEqual([["decision_made", "a"]]);
  });

  it("are taken once by agents that look at the same moment", async () => {
    const store = await openWithPair();
    await Promise.all(["a", "b", "c"].map(async (agent) => recordLooks(trackerOf(store, agent))));
    expect(rowsIn(store, "looks")).toHaveLength(1);
  });

  it("are none without a baseline", async () => {
    const store = createMemoryStore({ clock: manualClock(), agentId: "a", toolVersion: "0" });
    await store.append("windows", [finalRow("one", 1, 30), finalRow("two", 2, 10)]);
    await recordLooks(trackerOf(store, "a"));
    expect([rowsIn(store, "looks"), rowsIn(store, "decisions")]).toEqual([[], []]);
  });
});
