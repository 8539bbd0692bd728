import { describe, expect, it } from "vitest";

import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { hoursAt, hoursPerWeek, nextChangeMs } from "./hours.ts";

const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"] as const;
const AFTERNOONS = {
  zone: "Asia/Shanghai",
  days: WORKDAYS,
  from: "14:00",
  to: "18:00",
  factor: 2,
};
const NIGHTS = { zone: "Europe/Berlin", from: "23:30", to: "00:15", factor: 3 };

function changeAfter(peaks: Parameters<typeof nextChangeMs>[0], moment: string): string | null {
  const changeMs = nextChangeMs(peaks, epochMsOf(moment));
  return changeMs === null ? null : timestampOf(changeMs);
}

describe("the hours of a moment", () => {
  it.each([
    ["2026-11-23T05:59:59.999Z", "off-peak"],
    ["2026-11-23T06:00:00.000Z", "peak"],
    ["2026-11-23T09:59:59.999Z", "peak"],
    ["2026-11-23T10:00:00.000Z", "off-peak"],
    ["2026-11-22T07:00:00.000Z", "off-peak"],
    ["2026-11-22T22:45:00.000Z", "peak"],
  ])("at %s are %s where any of two peaks holds", (moment, hours) => {
    expect(hoursAt([AFTERNOONS, NIGHTS], epochMsOf(moment))).toBe(hours);
  });
});

describe("the next change of hours", () => {
  it.each([
    ["2026-11-23T05:00:30.000Z", "2026-11-23T06:00:00.000Z"],
    ["2026-11-23T06:00:00.000Z", "2026-11-23T10:00:00.000Z"],
    // Over a weekend.
    ["2026-11-27T10:00:00.000Z", "2026-11-30T06:00:00.000Z"],
  ])("after %s is %s", (moment, change) => {
    expect(changeAfter([AFTERNOONS], moment)).toBe(change);
  });

  it("is found where the clocks are changed before it", () => {
    // On 25 October 2026 the clocks of Berlin go back at 01:00 UTC.
    expect(changeAfter([NIGHTS], "2026-10-24T22:20:00.000Z")).toBe("2026-10-25T22:30:00.000Z");
    // On 29 March 2026 they go forward.
    expect(changeAfter([NIGHTS], "2026-03-28T23:20:00.000Z")).toBe("2026-03-29T21:30:00.000Z");
  });

  it("passes over a boundary at which another peak continues", () => {
    const after = { ...AFTERNOONS, from: "17:00", to: "20:00" };
    expect(changeAfter([AFTERNOONS, after], "2026-11-23T07:00:00.000Z")).toBe(
      "2026-11-23T12:00:00.000Z",
    );
  });

  it("is not there where peak hours never end", () => {
    const halves = [
      { zone: "UTC", from: "08:00", to: "20:00", factor: 2 },
      { zone: "UTC", from: "20:00", to: "08:00", factor: 2 },
    ];
    expect(changeAfter(halves, "2026-11-23T07:00:00.000Z")).toBeNull();
  });
});

describe("the hours of a week", () => {
  it("are counted with the stretches they come in", () => {
    expect(hoursPerWeek([AFTERNOONS])).toEqual({ peak: 20, offPeak: 148, stretches: 5 });
    expect(hoursPerWeek([NIGHTS])).toEqual({ peak: 5.25, offPeak: 162.75, stretches: 7 });
  });

  it("count a stretch over the end of the week once", () => {
    const overMonday = {
      zone: "UTC",
      days: ["sun"] as const,
      from: "22:00",
      to: "03:00",
      factor: 2,
    };
    expect(hoursPerWeek([overMonday])).toEqual({ peak: 5, offPeak: 163, stretches: 1 });
  });
});
