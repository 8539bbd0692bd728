import { describe, expect, it } from "vitest";

import { MANUAL_EXPERIMENT } from "../../ledger/domain/design.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import {
  appendAll,
  createSampleLedger,
  type Filed,
} from "../../ledger/views/test-support/sample-ledger.ts";
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

it("the panes of a meter that one provider's were only typed of do not compare it", async () => {
  const store = createSampleLedger();
  const typed = { parser: "typed", source: "override", window: "W0-02" };
  await appendAll(store, [
    ["snapshots", reading("one", {}, {})],
    ["snapshots", reading("two", {}, { name: "weekly" })],
    ["snapshots", reading("two", typed, {})],
    ["windows", final("one", 20)],
    ["windows", final("two", 20)],
  ]);
  const { asked } = gatherEvidence(openExperimentView(store, MANUAL_EXPERIMENT));
  expect(asked.is_cost_comparable).toBe(false);
});

type Read = readonly [
  provider: string,
  used: number,
  time: string,
  resetsAt?: string,
  source?: "override",
];

/** Whether the shares of two providers without a plan may be compared, by their readings of the 5h meter. */
async function isShownAsOne(...read: readonly Read[]): Promise<boolean> {
  const store = createSampleLedger();
  const rows = read.map(
    ([provider, used, time, resets_at = RESET, source = "alias"], index): Filed => {
      const captured_at = `2026-11-22T${time}:00.000Z`;
      const fields = { window: `W0-0${String(index)}`, captured_at, source };
      return [
        "snapshots",
        reading(provider, fields, {
          used,
          resets_at: resets_at === "unread" ? null : resets_at,
          as_of: captured_at,
        }),
      ];
    },
  );
  const finals = read.map(([provider], index): Filed => {
    const capacity = [{ name: "5h", unit: "percent", delta: 1 }];
    const fields = { experiment_id: MANUAL_EXPERIMENT, capacity };
    return [
      "windows",
      finalized({ ...PLACE, window: `W0-0${String(index)}`, provider }, 1, fields),
    ];
  });
  await appendAll(store, [...rows, ...finals]);
  return gatherEvidence(openExperimentView(store, MANUAL_EXPERIMENT)).asked.is_cost_comparable;
}

const RESET = "2026-11-22T15:00:00.000Z";
const LATER = "2026-11-22T20:00:00.000Z";
const FIRST: readonly Read[] = [
  ["one", 0, "10:00"],
  ["one", 30, "11:00"],
];

describe("shares of plans without a price", () => {
  it("are comparable if one provider's readings continue from the other's", async () => {
    expect(await isShownAsOne(...FIRST, ["two", 30, "12:00"], ["two", 40, "13:00"])).toBe(true);
  });

  it.each<readonly [string, readonly Read[]]>([
    ["the other one's readings start below", [["two", 0, "12:00"]]],
    ["the other one's readings are of another period", [["two", 30, "16:00", LATER]]],
    [
      "a later reading goes back",
      [
        ["two", 50, "12:00"],
        ["one", 30, "13:00"],
      ],
    ],
    [
      "a typed reading goes back",
      [
        ["two", 30, "12:00"],
        ["two", 1, "13:00", RESET, "override"],
      ],
    ],
    [
      "typed readings are of a period that no pane shows",
      [
        ["two", 30, "12:00"],
        ["two", 1, "16:00", LATER, "override"],
        ["two", 9, "17:00", LATER, "override"],
      ],
    ],
    [
      "typed readings come before every pane's period",
      [
        ["two", 30, "12:00"],
        ["one", 5, "09:00", "2026-11-22T09:30:00.000Z", "override"],
      ],
    ],
  ])("are not comparable if %s", async (_what, more) => {
    expect(await isShownAsOne(...FIRST, ...more)).toBe(false);
  });

  it("are comparable if one pane shows no reset", async () => {
    const unread: Read = ["one", 0, "09:00", "unread"];
    expect(await isShownAsOne(unread, ...FIRST, ["two", 30, "12:00"])).toBe(true);
  });

  it("are comparable if a period has a pane in addition to its typed reading", async () => {
    const later: readonly Read[] = [
      ["two", 1, "16:00", LATER, "override"],
      ["two", 9, "17:00", LATER],
    ];
    expect(await isShownAsOne(...FIRST, ["two", 30, "12:00"], ...later)).toBe(true);
  });

  it("are not comparable if nothing was used before the other was read", async () => {
    expect(await isShownAsOne(["one", 0, "10:00"], ["two", 0, "11:00"])).toBe(false);
  });

  it("are not comparable if a third provider is read apart", async () => {
    const two: Read = ["two", 30, "12:00"];
    expect(await isShownAsOne(...FIRST, two, ["three", 40, "16:00", LATER])).toBe(false);
  });
});
