import { describe, expect, it } from "vitest";

import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import { appendAll, createSampleLedger } from "../../ledger/views/test-support/sample-ledger.ts";
import { finalized } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "./evidence.ts";

const AT = "2026-11-22T10:00:00.000Z";
const PLACE = { window: "W0-01", feature_id: "cache", period: 1 };
const PLAN = {
  plan: "max",
  list: "ours",
  as_of: null,
  per_days: 30,
  meter: "5h",
  step_percent: 1,
  limit_window_minutes: 300,
  moved_percent: 1,
  resolution: 1,
  elsewhere: 0,
  amount: null,
  reason: "reset",
};

function reading(provider: string, fields: object, meter: object): NewRow {
  return {
    record: "snapshot_taken",
    experiment_id: MANUAL_EXPERIMENT,
    ...PLACE,
    attempt: 1,
    provider,
    replicate: 1,
    phase: "before",
    meters: [
      { name: "5h", limit_window_minutes: 300, unit: "percent", used: 1, as_of: AT, ...meter },
    ],
    raw: null,
    raw_sha256: null,
    parser: "codex",
    parser_version: "1",
    notes: [],
    errors: [],
    source: "alias",
    ...fields,
  };
}

function final(provider: string, usd: number): NewRow {
  const dollars = { amount: 1, known: 1, unpriced: [], untold: 0, reported: null };
  return finalized({ ...PLACE, provider }, 1, {
    experiment_id: MANUAL_EXPERIMENT,
    capacity: [{ name: "5h", unit: "percent", delta: 1 }],
    dollars: { ...dollars, plan: { ...PLAN, usd } },
  });
}

/** Whether the meters of two providers may be compared, the second of which differs. */
async function isComparable(fields: object, { meter = {}, usd = 20 } = {}): Promise<boolean> {
  const store = createSampleLedger();
  await appendAll(store, [
    ["snapshots", reading("one", {}, {})],
    ["snapshots", reading("two", fields, meter)],
    ["windows", final("one", 20)],
    ["windows", final("two", usd)],
  ]);
  return gatherEvidence(openExperimentView(store, MANUAL_EXPERIMENT)).asked.is_cost_comparable;
}

describe("meters of manual windows", () => {
  it("are comparable if one source shows the same limit", async () => {
    expect(await isComparable({})).toBe(true);
  });

  it.each([
    ["another source", { parser: "claude" }, {}],
    ["a typed reading", { parser: "typed", source: "override" }, {}],
    ["another window of the limit", {}, { meter: { limit_window_minutes: 10_080 } }],
    ["another limit", {}, { meter: { limit: 500 } }],
    ["another plan", {}, { usd: 200 }],
  ])("are not comparable with %s", async (_what, fields, changes) => {
    expect(await isComparable(fields, changes)).toBe(false);
  });
});
