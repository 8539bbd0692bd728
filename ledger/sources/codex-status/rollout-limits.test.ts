import { describe, expect, it } from "vitest";

import { epochMsOf } from "../../domain/timestamp.ts";
import { codexStatus } from "./parse.ts";
import { isFreshLine, newestLimits, limitsLine, readRolloutLimits } from "./rollout-limits.ts";

const CAPTURE = { capturedAt: "2026-01-02T10:10:00.000Z", timeZone: "UTC" };
const NOON = epochMsOf("2026-01-02T12:00:00.000Z") / 1000;

interface Told {
  readonly at?: string;
  readonly id?: string;
  readonly name?: string;
  readonly primary?: object | null;
  readonly secondary?: object | null;
}

function lineOf({ at = "10:00", id, name, primary = null, secondary = null }: Told): string {
  const rate_limits = { limit_id: id, limit_name: name, primary, secondary };
  const timestamp = `2026-01-02T${at}:00.000Z`;
  return JSON.stringify({
    timestamp,
    type: "event_msg",
    payload: { type: "token_count", info: null, rate_limits },
  });
}

const FIVE_HOURS = { used_percent: 13, window_minutes: 300, resets_at: NOON };

function metersOf(...told: readonly Told[]) {
  const { meters } = readRolloutLimits(told.map(lineOf).join("\n"), CAPTURE);
  return meters.map(({ name, used, resets_at }) => [name, used, resets_at]);
}

it.each([
  [299, "5h"],
  [10_079, "weekly"],
  [43_800, "monthly"],
  [90, "90m"],
])("a limit of about %i minutes is %s", (window_minutes, name) => {
  const primary = { ...FIVE_HOURS, window_minutes, resets_at: NOON - 3600 };
  expect(metersOf({ primary })).toEqual([[name, 13, "2026-01-02T11:00:00.000Z"]]);
});

it("the whole log of a session is known by any of its lines", () => {
  const log = `{"type":"session_meta","payload":{"id":"s"}}\n${lineOf({ primary: FIVE_HOURS })}`;
  expect(codexStatus.parse(log, CAPTURE).meters).toMatchObject([{ name: "5h", used: 13 }]);
});

describe("limits in the log of a Codex session", () => {
  it("are named by their length, whichever place they have", () => {
    const week = { used_percent: 3, window_minutes: 10_080, resets_at: NOON };
    expect(metersOf({ primary: week, secondary: FIVE_HOURS })).toEqual([
      ["weekly", 3, "2026-01-02T12:00:00.000Z"],
      ["5h", 13, "2026-01-02T12:00:00.000Z"],
    ]);
  });

  it("of older versions reset so many seconds after their line", () => {
    const primary = { used_percent: 13, window_minutes: 300, resets_in_seconds: 3600 };
    expect(metersOf({ primary })).toEqual([["5h", 13, "2026-01-02T11:00:00.000Z"]]);
  });

  it("count as in the newest line, in any order of the lines", () => {
    const newer = { at: "10:05", primary: { ...FIVE_HOURS, used_percent: 20 } };
    expect(metersOf(newer, { primary: FIVE_HOURS })).toEqual([
      ["5h", 20, "2026-01-02T12:00:00.000Z"],
    ]);
  });

  it("of one model are kept with those of the account", () => {
    const spark = { id: "codex_x", name: "Model X", primary: FIVE_HOURS };
    expect(metersOf({ primary: FIVE_HOURS }, spark).map(([name]) => name)).toEqual([
      "5h",
      "model x 5h",
    ]);
  });

  it.each([
    ["without a length", { used_percent: 13, window_minutes: 0, resets_at: NOON }],
    ["without use and reset", { used_percent: 0, window_minutes: 300, resets_at: 0 }],
  ])("%s are placeholders", (_what, primary) => {
    expect(limitsLine(lineOf({ primary }))).toBeUndefined();
  });

  it("without a reset keep their figure and say what is missing", () => {
    const primary = { used_percent: 13, window_minutes: 300 };
    const { meters, errors } = readRolloutLimits(lineOf({ primary }), CAPTURE);
    expect(meters).toHaveLength(1);
    expect(errors).toEqual(["5h: expected a reset, got none."]);
  });

  it("whose reset is further away than they last have none", () => {
    const primary = { ...FIVE_HOURS, resets_at: NOON + 36_000 };
    expect(metersOf({ primary })).toEqual([["5h", 13, null]]);
  });

  it("are kept without anything else of the session", () => {
    const line = limitsLine(lineOf({ primary: FIVE_HOURS }));
    const [kept = ""] = newestLimits(line === undefined ? [] : [line]);
    expect(Object.keys(JSON.parse(kept).payload)).toEqual(["type", "rate_limits"]);
  });

  it.each([
    ["young", "10:00", true],
    ["more than 15 minutes old", "09:54", false],
  ])("may be used while they are %s", (_what, at, isFresh) => {
    const nowMs = epochMsOf(CAPTURE.capturedAt);
    expect(isFreshLine(lineOf({ at, primary: FIVE_HOURS }), nowMs)).toBe(isFresh);
  });

  it("may not be used when their period has ended", () => {
    const primary = { ...FIVE_HOURS, resets_at: NOON - 7200 + 300 };
    const nowMs = epochMsOf(CAPTURE.capturedAt);
    expect(isFreshLine(lineOf({ primary }), nowMs)).toBe(false);
  });
});
