import ICAL from "ical.js";

import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { isTimeZone } from "../../../ledger/sources/local-time.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import { localMoment } from "./local-moment.ts";
import type { Refuse } from "./refuse.ts";
import { planKey, type ScheduledWindow } from "./scheduled-window.ts";

/** Events that plan a window have this form of summary; a calendar has other events too. */
const SUMMARY = /^experiment (?<window>\S+) (?<agent>\S+) (?<provider>\S+)$/u;
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/u;
const UTC = "UTC";

/** Writes planned windows as a calendar, in UTC. The same windows give the same calendar. */
export function writeCalendar(windows: readonly ScheduledWindow[], nowMs: number): string {
  const calendar = new ICAL.Component("vcalendar");
  calendar.addPropertyWithValue("version", "2.0");
  calendar.addPropertyWithValue("prodid", "-//Counterbalance//schedule//EN");
  for (const planned of windows) {
    const { startMs, endMs, window, agent, provider } = planned;
    const event = new ICAL.Component("vevent");
    event.addPropertyWithValue("uid", `${planKey(planned).replaceAll(" ", "/")}@counterbalance`);
    event.addPropertyWithValue("dtstamp", utc(nowMs));
    event.addPropertyWithValue("dtstart", utc(startMs));
    event.addPropertyWithValue("dtend", utc(endMs));
    event.addPropertyWithValue("summary", `experiment ${window} ${agent} ${provider}`);
    calendar.addSubcomponent(event);
  }
  return `${calendar.toString()}\r\n`;
}

function utc(epochMs: number): ICAL.Time {
  return ICAL.Time.fromDateTimeString(`${timestampOf(epochMs).slice(0, 19)}Z`);
}

/** The windows that a calendar plans, and how many of its events plan none. */
export interface ReadCalendar {
  readonly windows: readonly ScheduledWindow[];
  readonly others: number;
}

/**
 * Reads a calendar. Times have UTC, a zone of the calendar, a zone by its IANA name, or none: the local one.
 * @throws TrackerUsageError with the file, the event and the remedy.
 */
export function readCalendar(
  text: string,
  { file, timeZone }: { readonly file: string; readonly timeZone: string },
): ReadCalendar {
  const calendar = parse(text, file);
  try {
    return readEvents(calendar, { file, timeZone });
  } catch (error) {
    if (error instanceof TrackerUsageError) throw error;
    // The library reads values when they are asked for, and throws errors of its own.
    const why = toSentence(error instanceof Error ? error.message : String(error));
    throw new TrackerUsageError(
      `${file}: expected times such as DTSTART:20261026T100000Z, got something else. ${why} Export the calendar again as .ics.`,
    );
  }
}

function toSentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}

function readEvents(
  calendar: ICAL.Component,
  { file, timeZone }: { readonly file: string; readonly timeZone: string },
): ReadCalendar {
  const events = calendar.getAllSubcomponents("vevent");
  const planning = events.filter(
    (event) =>
      SUMMARY.test(summaryOf(event)) && event.getFirstPropertyValue("status") !== "CANCELLED",
  );
  const windows = planning.map((event) => readEvent(event, { calendar, file, timeZone }));
  const keys = windows.map(planKey);
  const twin = keys.find((key, index) => keys.indexOf(key) < index);
  if (twin !== undefined) {
    throw new TrackerUsageError(
      `${file}: event "experiment ${twin}": expected one event for a window, got two. Remove one of them.`,
    );
  }
  return { windows, others: events.length - planning.length };
}

function parse(text: string, file: string): ICAL.Component {
  try {
    const calendar = ICAL.Component.fromString(text);
    if (calendar.name === "vcalendar") return calendar;
  } catch {
    // The library's message names no place in the file.
  }
  throw new TrackerUsageError(
    `${file}: expected one iCalendar file (BEGIN:VCALENDAR … END:VCALENDAR), got something else. Export the calendar again as .ics.`,
  );
}

interface EventPlace {
  readonly calendar: ICAL.Component;
  readonly file: string;
  readonly timeZone: string;
}

function readEvent(event: ICAL.Component, place: EventPlace): ScheduledWindow {
  const summary = summaryOf(event);
  const { window = "", agent = "", provider = "" } = SUMMARY.exec(summary)?.groups ?? {};
  const refuse: Refuse = (fault) => {
    throw new TrackerUsageError(`${place.file}: event ${JSON.stringify(summary)}: ${fault}`);
  };
  const wrong = [window, agent, provider].find((name) => !NAME.test(name));
  if (wrong !== undefined) {
    refuse(
      `expected names of letters, digits, ".", "_" or "-", got ${JSON.stringify(wrong)}. Write e.g. experiment W0-07 main codex.`,
    );
  }
  if (event.hasProperty("rrule") || event.hasProperty("rdate")) {
    refuse(
      "expected an event that happens once, got a recurring one. A window is worked once: make one event for each.",
    );
  }
  const startMs = momentOf(event.getFirstProperty("dtstart"), place, refuse);
  const lasts = event.getFirstPropertyValue("duration");
  const endMs =
    lasts instanceof ICAL.Duration
      ? startMs + lasts.toSeconds() * 1000
      : momentOf(event.getFirstProperty("dtend"), place, refuse);
  if (!(endMs > startMs)) refuse("expected an end after its start. Make the event longer.");
  return { startMs, endMs, window, agent, provider };
}

function momentOf(property: ICAL.Property | null, place: EventPlace, refuse: Refuse): number {
  const time = property?.getFirstValue();
  if (property === null || !(time instanceof ICAL.Time) || time.isDate) {
    return refuse(
      "expected a start and an end with a time of the day, got none. Write both, not a whole day.",
    );
  }
  const shown = time.toString().slice(0, 16);
  if (time.zone?.tzid === UTC) return epochMsOf(`${shown}:00.000Z`);
  const named = property.getParameter("tzid");
  const zone = typeof named === "string" ? named : place.timeZone;
  if (isTimeZone(zone)) return localMoment(shown, zone);
  // Some programs name zones as only their own definition in the calendar explains.
  const isDefined = place.calendar
    .getAllSubcomponents("vtimezone")
    .some((one) => one.getFirstPropertyValue("tzid") === zone);
  if (isDefined) return time.toUnixTime() * 1000;
  return refuse(
    `expected a time zone that the calendar or the system knows, got ${JSON.stringify(zone)}. Write an IANA name, e.g. Europe/Berlin.`,
  );
}

function summaryOf(event: ICAL.Component): string {
  const summary = event.getFirstPropertyValue("summary");
  return typeof summary === "string" ? summary.trim() : "";
}
