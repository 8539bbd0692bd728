import { expect, it } from "vitest";

import { claudeUsage } from "./parse.ts";

const CAPTURE = { capturedAt: "2026-01-02T10:00:20.000Z", timeZone: "UTC" };
/** 12:00 on that day, in seconds. */
const NOON = 1_767_355_200;

const read = (json: object) => {
  const { meters, errors } = claudeUsage.parse(JSON.stringify(json), CAPTURE);
  return { meters: meters.map(({ name, used, resets_at }) => [name, used, resets_at]), errors };
};

it("reads what Claude Code gives to a status line", () => {
  const rate_limits = {
    five_hour: { used_percentage: 12.5, resets_at: NOON },
    seven_day: { used_percentage: 40, resets_at: NOON + 86_400 },
  };
  expect(read({ session_id: "s", model: { id: "m" }, rate_limits })).toEqual({
    meters: [
      ["5h", 12.5, "2026-01-02T12:00:00.000Z"],
      ["weekly", 40, "2026-01-03T12:00:00.000Z"],
    ],
    errors: [],
  });
});

it("reads the answer of the usage endpoint", () => {
  const seven_day = { utilization: 40, resets_at: "2026-01-03T14:00:00+02:00" };
  const answer = {
    five_hour: { utilization: 0, resets_at: null },
    seven_day,
    seven_day_opus: null,
    seven_day_sonnet: { ...seven_day, utilization: 3 },
  };
  expect(read(answer)).toEqual({
    meters: [
      ["5h", 0, null],
      ["weekly", 40, "2026-01-03T12:00:00.000Z"],
      ["weekly sonnet", 3, "2026-01-03T12:00:00.000Z"],
    ],
    errors: [],
  });
});

it("keeps the other limits if one can't be read", () => {
  const rate_limits = {
    five_hour: { used_percentage: 101.5, resets_at: NOON },
    seven_day: { used_percentage: 41, resets_at: NOON },
  };
  expect(read({ rate_limits }).meters).toEqual([["weekly", 41, "2026-01-02T12:00:00.000Z"]]);
});

it.each([
  ["no limits", { session_id: "s", model: { id: "m" } }, "The JSON has no limits"],
  ["limits of another form", { rate_limits: 7 }, "Expected Claude's limits as JSON"],
  ["more than 100 %", { five_hour: { utilization: 400 } }, "5h: expected a limit"],
  [
    "milliseconds",
    { five_hour: { utilization: 4, resets_at: NOON * 1000 } },
    "5h: expected a limit",
  ],
  ["a refusal", { type: "error", error: { message: "expired" } }, 'endpoint refused: "expired"'],
  ["a limit without a figure", { five_hour: {} }, "5h: expected used_percentage"],
  ["no reset", { five_hour: { utilization: 4 } }, "5h: expected a reset, got none."],
  [
    "a reset in a week",
    { five_hour: { utilization: 4, resets_at: NOON + 604_800 } },
    "implausible",
  ],
])("names what is wrong: %s", (_what, json, error) => {
  expect(read(json).errors.join(" ")).toContain(error);
});
