import { describe, expect, it } from "vitest";

import type { NewRow } from "../../../ledger/domain/row.ts";
import { manualClock } from "../../../ledger/store/test-support/manual-clock.ts";
import { createMemoryStore } from "../../../ledger/store/test-support/memory-store.ts";
import { DrivenReadings } from "./driven-readings.ts";
import { InvariantRefusedError } from "./tracker-errors.ts";

const EXPERIMENT = "0123456789ab";
const KEY = { agent: "main", window: "W0-01", attempt: 1, provider: "codex" };
const METER = {
  name: "proxy",
  limit_window_minutes: null,
  unit: "tokens",
  used: 0,
  as_of: "2025-10-19T10:00:00.000Z",
};

function reading(phase: "before" | "after", changes: Partial<NewRow> = {}): NewRow {
  return {
    record: "snapshot_taken",
    experiment_id: EXPERIMENT,
    ...KEY,
    feature_id: "lru-cache",
    replicate: 1,
    period: 1,
    phase,
    meters: [METER],
    raw: null,
    raw_sha256: null,
    parser: "proxy-counter",
    parser_version: "1",
    notes: [],
    errors: [],
    captured_at: "2025-10-19T10:00:00.000Z",
    ...changes,
  };
}

/** A ledger with these rows, and a way to take a reading as the session does. */
async function openLedger(rows: readonly NewRow[]) {
  const store = createMemoryStore({ clock: manualClock(), agentId: "agent", toolVersion: "0" });
  const readings = new DrivenReadings(EXPERIMENT, store, () => "experiment run --seed 7");
  const written = await store.append("snapshots", rows);
  const take = async (phase: "before" | "after", capturedAt = "2025-10-19T11:00:00.000Z") =>
    await store.append("snapshots", [reading(phase, { captured_at: capturedAt })], {
      unless: readings.ruleFor({ key: KEY, phase, capturedAt }),
    });
  return { store, written, take };
}

describe("the readings of a driven window", () => {
  it("are one before and one after, in that order", async () => {
    const { store, take } = await openLedger([]);
    await take("before");
    await take("after");
    expect([...store.read("snapshots")].map((row) => row["phase"])).toEqual(["before", "after"]);
  });

  it.each([
    ["before", [reading("before")], 'expected one "before", got a second one'],
    ["after", [reading("before"), reading("after")], 'expected one "after", got a second one'],
    ["after", [], 'expected a "before" ahead of the "after", got none'],
    [
      "after",
      [reading("before", { captured_at: "2025-10-19T11:00:00.001Z" })],
      'an "after" that is not older than its "before"',
    ],
  ] as const)("refuse a second or misplaced %s: %#", async (phase, rows, told) => {
    const { store, take } = await openLedger(rows);
    const taking = take(phase);
    await expect(taking).rejects.toThrow(told);
    await expect(taking).rejects.toThrow(InvariantRefusedError);
    expect([...store.read("snapshots")]).toHaveLength(rows.length);
  });

  it.each([
    ["of another attempt", { attempt: 2 }],
    ["of another provider", { provider: "claude" }],
    ["of another experiment", { experiment_id: "ba9876543210" }],
    ["without anything that could be read", { meters: [] }],
  ])("take no account of a before %s", async (_, changes) => {
    const { take } = await openLedger([reading("before", changes)]);
    await expect(take("before")).resolves.toHaveLength(1);
  });

  it("take the place of one that was undone", async () => {
    const { store, written, take } = await openLedger([reading("before")]);
    const undoes = written[0]?.id;
    const tombstone = { record: "row_undone", experiment_id: EXPERIMENT, undoes };
    await store.append("snapshots", [tombstone]);
    await expect(take("before")).resolves.toHaveLength(1);
  });
});
