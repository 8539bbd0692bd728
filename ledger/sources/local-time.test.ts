import { describe, expect, it } from "vitest";

import { epochMsOf, timestampOf } from "../domain/timestamp.ts";
import { isTimeZone, resolveWallTime, type WallTime } from "./local-time.ts";

const HOUR_MS = 3_600_000;

function resolve(
  wall: WallTime,
  [capturedAt, timeZone]: readonly [string, string],
  windowHours = 5,
) {
  const place = { capturedAtMs: epochMsOf(capturedAt), timeZone, windowMs: windowHours * HOUR_MS };
  const resolved = resolveWallTime(wall, place);
  return resolved === undefined ? undefined : timestampOf(resolved.epochMs);
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
      "in an hour that occurs twice",
      "02:30",
      "2025-10-25T23:30:00.000Z",
      "Europe/Berlin",
      "2025-10-26T00:30:00.000Z",
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

describe("a date or a zone", () => {
  it("is found on a leap day, and not in a year without one", () => {
    const wall = { month: 2, day: 29, hour: 8, minute: 0 };
    expect(resolve(wall, ["2028-02-27T00:00:00.000Z", "UTC"], 168)).toBe(
      "2028-02-29T08:00:00.000Z",
    );
    expect(resolve(wall, ["2026-02-27T00:00:00.000Z", "UTC"], 168)).toBeUndefined();
  });

  it("knows which zones there are", () => {
    expect([isTimeZone("Asia/Irkutsk"), isTimeZone("Middle/Earth")]).toEqual([true, false]);
  });
});
