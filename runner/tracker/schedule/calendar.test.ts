import { expect, it } from "vitest";

import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { readCalendar, writeCalendar } from "./calendar.ts";
import type { ScheduledWindow } from "./scheduled-window.ts";

const PLANNED: ScheduledWindow = {
  window: "W0-07",
  agent: "main",
  provider: "codex",
  startMs: epochMsOf("2026-10-25T00:30:00.000Z"),
  endMs: epochMsOf("2026-10-25T01:30:00.000Z"),
};

function calendar(lines: readonly string[], zone: readonly string[] = []): string {
  const summary = "SUMMARY:experiment W0-07 main codex";
  const event = ["BEGIN:VEVENT", "UID:1", summary, ...lines, "END:VEVENT"];
  const all = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", ...zone, ...event, "END:VCALENDAR"];
  return all.join("\r\n");
}

function read(text: string, timeZone = "Europe/Berlin") {
  return readCalendar(text, { file: "plan.ics", timeZone });
}

function times(text: string): readonly string[] {
  return read(text).windows.flatMap(({ startMs, endMs }) =>
    [startMs, endMs].map((moment) => timestampOf(moment).slice(0, 16)),
  );
}

it("reads the windows that it wrote, over the hour that clocks show twice", () => {
  const text = writeCalendar([PLANNED], epochMsOf("2026-10-01T00:00:00.000Z"));
  expect(read(text)).toEqual({ windows: [PLANNED], others: 0 });
});

it("leaves events out that were cancelled", () => {
  const span = ["DTSTART:20260720T100000", "DTEND:20260720T150000"];
  expect(read(calendar([...span, "STATUS:CANCELLED"]))).toEqual({ windows: [], others: 1 });
  expect(read(calendar([...span, "STATUS:CONFIRMED"])).windows).toHaveLength(1);
});

/** A zone by a name that only the calendar explains: two hours ahead of UTC in summer. */
const OWN_ZONE = `BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE`.split("\n");

it.each([
  ["no zone", ["DTSTART:20260720T100000", "DTEND:20260720T150000"], "08:00"],
  [
    "an IANA zone",
    ["DTSTART;TZID=Asia/Tokyo:20260720T100000", "DTEND;TZID=Asia/Tokyo:20260720T150000"],
    "01:00",
  ],
  [
    "a zone that the calendar defines",
    [
      "DTSTART;TZID=W. Europe Standard Time:20260720T100000",
      "DTEND;TZID=W. Europe Standard Time:20260720T150000",
    ],
    "08:00",
  ],
  ["a duration", ["DTSTART:20260720T100000Z", "DURATION:PT5H"], "10:00"],
])("reads times with %s", (_name, lines, start) => {
  const end = `${String(Number(start.slice(0, 2)) + 5).padStart(2, "0")}:00`;
  expect(times(calendar(lines, OWN_ZONE))).toEqual([`2026-07-20T${start}`, `2026-07-20T${end}`]);
});

it("leaves out events that plan no window", () => {
  const text = calendar(["DTSTART:20260720T100000Z", "DURATION:PT5H"]);
  expect(read(text.replace("experiment W0-07", "Lunch with"))).toEqual({ windows: [], others: 1 });
});

it.each([
  ["a whole day", ["DTSTART;VALUE=DATE:20260720", "DTEND;VALUE=DATE:20260721"], /time of the day/u],
  [
    "a recurring event",
    ["DTSTART:20260720T100000Z", "DURATION:PT5H", "RRULE:FREQ=DAILY"],
    /happens once/u,
  ],
  ["no end", ["DTSTART:20260720T100000Z"], /start and an end/u],
  ["a reversed event", ["DTSTART:20260720T100000Z", "DTEND:20260720T090000Z"], /end after/u],
  ["an unknown zone", ["DTSTART;TZID=Mars:20260720T100000", "DURATION:PT5H"], /"Mars"/u],
])("refuses %s, and names file and event", (_name, lines, fault) => {
  expect(() => read(calendar(lines))).toThrow(fault);
  expect(() => read(calendar(lines))).toThrow(/^plan\.ics: event "experiment W0-07 main codex": /u);
});

it.each(["", "BEGIN:VCALENDAR", "no calendar"])("refuses %j as no calendar", (text) => {
  expect(() => read(text)).toThrow(/plan\.ics: expected one iCalendar file/u);
});

it("refuses a time with other characters, and names the file", () => {
  const broken = calendar(["DTSTART:2026}720T100000Z", "DTEND:20260720T090000Z"]);
  expect(() => read(broken)).toThrow(
    /^plan\.ics: expected times such as DTSTART:20261026T100000Z/u,
  );
});
