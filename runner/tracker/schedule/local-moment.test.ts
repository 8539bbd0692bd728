import { expect, it } from "vitest";

import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { localMoment, readLocalMoment, writeLocalMoment } from "./local-moment.ts";

function read(text: string, timeZone: string): string {
  const moment = readLocalMoment(text, timeZone);
  return "fault" in moment ? moment.fault : timestampOf(moment.epochMs).slice(0, 16);
}

it.each([
  ["2026-10-26 10:00", "Europe/Berlin", "2026-10-26T09:00"],
  ["2026-10-24T10:00", "Europe/Berlin", "2026-10-24T08:00"],
  ["2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30"],
  ["2026-10-25 02:30+01:00", "Europe/Berlin", "2026-10-25T01:30"],
  ["2026-10-25 03:00", "Europe/Berlin", "2026-10-25T02:00"],
  ["2026-11-01 01:30", "America/New_York", "2026-11-01T05:30"],
  ["2026-04-05 01:45", "Australia/Lord_Howe", "2026-04-04T14:45"],
  ["2026-10-26 10:00", "Asia/Kolkata", "2026-10-26T04:30"],
])("reads %s in %s as %s", (text, zone, expected) => {
  expect(read(text, zone)).toBe(expected);
});

it("refuses a time over which clocks are put forward, and names the next one", () => {
  expect(read("2026-03-29 02:30", "Europe/Berlin")).toMatch(/that exists, .* 2026-03-29 03:30\.$/u);
  expect(read("2026-03-08 02:00", "America/New_York")).toMatch(/e\.g\. 2026-03-08 03:00\.$/u);
});

it.each(["2026-02-30 10:00", "2026-10-26 24:00", "26.10.2026 10:00", "10:00", ""])(
  "refuses %j as no local time",
  (text) => {
    expect(read(text, "UTC")).toMatch(/^expected a local date and time, got /u);
  },
);

it("gives every hour around both changes a text that is read as the same hour", () => {
  const [hour, zone] = [3_600_000, "Europe/Berlin"];
  for (const day of ["2026-03-28T21:00:00.000Z", "2026-10-24T21:00:00.000Z"]) {
    for (let at = epochMsOf(day); at < epochMsOf(day) + 8 * hour; at += hour / 2) {
      expect(readLocalMoment(writeLocalMoment(at, zone), zone)).toEqual({ epochMs: at });
    }
  }
});

it("moves a daily time that the clocks leave out as far as they are put forward", () => {
  expect(timestampOf(localMoment("2026-03-29T02:30", "Europe/Berlin"))).toBe(
    "2026-03-29T01:30:00.000Z",
  );
});
