import { describe, expect, it } from "vitest";

import { epochMsOf, timestampOf } from "../domain/timestamp.ts";
import { isTimeZone, resolveWallTime, type WallTime } from "./local-time.ts";

const HOUR_MS = 3_600_000;

function resolve(
  wall: WallTime,
  [capturedAt, timeZone]: readonly [string, string],
  windowHours = 5,
) {
  const place = {
    capturedAtMs: epochMsOf(capturedAt),
    timeZone,
    windowMs: windowHours * HOUR_MS,
    shown: "",
  };
  const resolved = resolveWallTime(wall, place);
  return "epochMs" in resolved ? timestampOf(resolved.epochMs) : resolved.error;
}

describe("a time as a wall shows it", () => {
  it.each([
    ["later today", "10:00", "2025-10-19T08:00:00.000Z", "UTC", "2025-10-19T10:00:00.000Z"],
    [
      "tomorrow in that zone",
      "00:30",
      "2025-10-19T21:00:00.000Z",
      "Europe/Berlin",
      "2025-10-19T22:30:00.000Z",
    ],
    [
      "half an hour off",
      "15:15",
      "2025-10-19T08:00:00.000Z",
      "Asia/Kolkata",
      "2025-10-19T09:45:00.000Z",
    ],
    ["just past", "10:00", "2025-10-19T10:03:00.000Z", "UTC", "2025-10-19T10:00:00.000Z"],
    [
      "after clocks went back",
      "04:00",
      "2025-10-25T23:30:00.000Z",
      "Europe/Berlin",
      "2025-10-26T03:00:00.000Z",
    ],
    [
      "after clocks went on",
      "04:00",
      "2025-03-29T23:30:00.000Z",
      "Europe/Berlin",
      "2025-03-30T02:00:00.000Z",
    ],
    [
      "in an hour that occurs twice, after its first occurrence",
      "02:30",
      "2025-10-26T00:45:00.000Z",
      "Europe/Berlin",
      "2025-10-26T01:30:00.000Z",
    ],
    [
      "far in the west",
      "23:00",
      "2025-10-20T04:00:00.000Z",
      "America/Los_Angeles",
      "2025-10-20T06:00:00.000Z",
    ],
  ])("is found %s", (...[, time, capturedAt, zone, expected]) => {
    const [hour, minute] = time.split(":").map(Number);
    expect(resolve({ hour: hour ?? 0, minute: minute ?? 0 }, [capturedAt, zone])).toBe(expected);
  });
});

it.each([
  ["before both of them", "2025-10-25T23:30:00.000Z"],
  ["while a pane may lag behind the first", "2025-10-26T00:32:00.000Z"],
  ["after both of them", "2025-10-26T01:40:00.000Z"],
])("a time that occurs twice is ambiguous %s", (_when, capturedAt) => {
  const wall = { hour: 2, minute: 30 };
  expect(resolve(wall, [capturedAt, "Europe/Berlin"])).toMatch(/^reset-ambiguous: /u);
});

describe("a date or a zone", () => {
  it("is found on a leap day, and not in a year without one", () => {
    const wall = { month: 2, day: 29, hour: 8, minute: 0 };
    expect(resolve(wall, ["2028-02-27T00:00:00.000Z", "UTC"], 168)).toBe(
      "2028-02-29T08:00:00.000Z",
    );
    expect(resolve(wall, ["2026-02-27T00:00:00.000Z", "UTC"], 168)).toMatch(/exists/u);
  });

  const DAY = 24;
  const WEEK = 168;
  it.each([
    ["5 minutes ago is past", "10:00", "2025-10-19T10:05:00.000Z", DAY, "2025-10-19T10:00:00.000Z"],
    [
      "6 minutes ago is tomorrow",
      "10:00",
      "2025-10-19T10:06:00.000Z",
      DAY,
      "2025-10-20T10:00:00.000Z",
    ],
    [
      "a window and 5 minutes ahead",
      "15:05",
      "2025-10-19T10:00:00.000Z",
      5,
      "2025-10-19T15:05:00.000Z",
    ],
    ["a window and 6 minutes ahead", "15:06", "2025-10-19T10:00:00.000Z", 5, "reset-implausible"],
    [
      "a window and 5 minutes ago",
      "04:55",
      "2025-10-19T10:00:00.000Z",
      5,
      "2025-10-19T04:55:00.000Z",
    ],
    ["a window and 6 minutes ago", "04:54", "2025-10-19T10:00:00.000Z", 5, "reset-implausible"],
  ])("rounds and lags by five minutes: %s", (...[, time, capturedAt, hours, expected]) => {
    const [hour = 0, minute = 0] = time.split(":").map(Number);
    expect(resolve({ hour, minute }, [capturedAt, "UTC"], hours)).toContain(expected);
  });

  it.each([
    ["a week ahead", { month: 10, day: 26 }, "2025-10-26T10:00:00.000Z"],
    ["a week ago", { month: 10, day: 12 }, "2025-10-12T10:00:00.000Z"],
    ["two months ahead", { month: 12, day: 25 }, "reset-implausible"],
    ["two months ago", { month: 8, day: 25 }, "reset-implausible"],
    ["nine days ahead", { month: 10, day: 28 }, "reset-implausible"],
  ])("belongs to no other year: %s", (_, date, expected) => {
    const wall = { ...date, hour: 10, minute: 0 };
    const place = ["2025-10-19T10:00:00.000Z", "UTC"] as const;
    expect(resolve(wall, place, WEEK)).toContain(expected);
  });

  it("knows which zones there are", () => {
    expect([isTimeZone("Asia/Irkutsk"), isTimeZone("Middle/Earth")]).toEqual([true, false]);
  });
});

describe("the longest time to a reset", () => {
  it.each([
    ["7 days", 168, ["2025-10-20T10:00:00.000Z", "2025-10-27T11:00:00.000Z"]],
    ["a month", 720, ["2025-07-02T10:00:00.000Z", "2025-08-02T10:00:00.000Z"]],
  ] as const)("of %s has an hour more, or 31 days", (_, windowHours, [capturedAt, reset]) => {
    const [month = 0, day = 0] = reset.slice(5, 10).split("-").map(Number);
    const wall = { month, day, hour: 12, minute: 0 };
    expect(resolve(wall, [capturedAt, "Europe/Berlin"], windowHours)).toBe(reset);
  });
});
