import { describe, expect, it } from "vitest";

import { codexStatus } from "./parse.ts";

const CAPTURE = { capturedAt: "2026-04-30T05:00:00.000Z", timeZone: "Europe/Berlin" };

/** What of a reading the tests below compare. */
function short(text: string) {
  const { meters, errors, notes } = codexStatus.parse(text, CAPTURE);
  return {
    meters: meters.map(({ name, used, resets_at }) => [name, used, resets_at]),
    errors,
    notes,
  };
}

function json(rateLimits: object, rest: object = {}): string {
  return JSON.stringify({ rateLimits, ...rest });
}

describe("codex's account as JSON", () => {
  it("reads the account's JSON by the windows' lengths", () => {
    const primary = { usedPercent: 9, windowDurationMins: 10_080, resetsAt: 1_777_969_707 };
    const other = { usedPercent: 3, windowDurationMins: 300, resetsAt: 1_777_534_802 };
    const rateLimits = { limitId: "codex", limitName: null, primary, secondary: null };
    expect(short(JSON.stringify({ rateLimits }))).toEqual({
      meters: [["weekly", 9, "2026-05-05T08:28:27.000Z"]],
      errors: [],
      notes: [],
    });
    const bengal = { limitId: "b", limitName: "Small", primary: other, secondary: null };
    const rateLimitsByLimitId = { codex: rateLimits, b: bengal };
    expect(short(JSON.stringify({ rateLimits, rateLimitsByLimitId })).meters).toEqual([
      ["weekly", 9, "2026-05-05T08:28:27.000Z"],
      ["small 5h", 3, "2026-04-30T07:40:02.000Z"],
    ]);
  });
});

describe("codex's account as JSON that is odd", () => {
  it.each([
    ["years ahead", 1_877_534_802, /^5h: reset-implausible/u],
    ["that has passed", 1_777_524_802, /^stale-pane$/u],
  ])("names a reset %s", (_what, resetsAt, named) => {
    const primary = { usedPercent: 9, windowDurationMins: 300, resetsAt };
    const { errors, notes } = short(json({ primary }));
    expect([...errors, ...notes].join(" ")).toMatch(named);
  });

  const window = { usedPercent: 7, windowDurationMins: 300, resetsAt: 1_777_534_802 };

  it("keeps the account's own limit if only a model's limit is listed by its id", () => {
    const byId = { codex_other: { primary: { ...window, usedPercent: 70 } } };
    const text = json({ limitId: "codex", primary: window }, { rateLimitsByLimitId: byId });
    expect(short(text).meters.map(([name, used]) => [name, used])).toEqual([
      ["5h", 7],
      ["codex_other 5h", 70],
    ]);
  });

  it("keeps every limit of many", () => {
    const ids = Array.from({ length: 60 }, (_, index) => [`l${index}`, { primary: window }]);
    const text = json({}, { rateLimitsByLimitId: Object.fromEntries(ids) });
    expect(short(text).meters).toHaveLength(60);
  });

  it("does not guess which of two figures for one limit is right", () => {
    const text = json({ primary: window, secondary: { ...window, usedPercent: 9 } });
    expect(short(text)).toEqual({
      meters: [],
      errors: ["5h: expected one figure, got 7 % used and 9 % used."],
      notes: [],
    });
  });

  it.each([
    ["a reset in milliseconds", json({ primary: { ...window, resetsAt: 1_777_969_707_000 } })],
    ["a reset after all time", json({ primary: { ...window, resetsAt: 9_007_199_254_740_991 } })],
    ["text that is not JSON", "{not json"],
  ])("says what is wrong with %s", (what, text) => {
    const { meters, errors } = short(text);
    expect(meters).toEqual([]);
    expect(errors).toEqual([
      expect.stringContaining(what === "text that is not JSON" ? what : "resetsAt"),
    ]);
  });
});
