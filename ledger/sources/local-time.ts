import { epochMsOf, timestampOf } from "../domain/timestamp.ts";
import { wallClock } from "../domain/wall-clock.ts";

/** A time as a pane shows it: without a year, often without a date. */
export interface WallTime {
  /** 1 to 12; absent where the pane shows a time of day only. */
  readonly month?: number;
  readonly day?: number;
  readonly hour: number;
  readonly minute: number;
}

interface Place {
  readonly capturedAtMs: number;
  readonly timeZone: string;
  /** Length of the limit's window: a reset is never further ahead. */
  readonly windowMs: number;
  /** The reset as the pane has it, for messages. */
  readonly shown: string;
  /** The pane leaves the date out on the day itself only. */
  readonly datesOtherDays?: boolean;
}

/** A moment, and whether it had passed when the pane was captured; or why there is none. */
export type ResolvedTime =
  | { readonly epochMs: number; readonly isPast: boolean }
  | { readonly error: string };

/** Panes lag after a reset and round to minutes. */
const SLACK_MS = 5 * 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MONTH_MS = 28 * DAY_MS;

/**
 * The moment that a pane means: the next time that the wall shows this, or, where that is further
 * ahead than the limit's window reaches, the last one. A reset further away than that is of no period
 * that the pane can show: it is read as no date at all, never as one of another year.
 * @throws RangeError for a zone that does not exist.
 */
export function resolveWallTime(wall: WallTime, place: Place): ResolvedTime {
  const { capturedAtMs, windowMs, shown } = place;
  const candidates = candidateDates(wall, place)
    .flatMap((date) => momentsOf(date, wall, place.timeZone))
    .toSorted((left, right) => left - right);
  if (candidates.length === 0) return { error: `expected a reset that exists, got "${shown}".` };
  const earliest = capturedAtMs - SLACK_MS;
  const reachMs = longestMs(windowMs) + SLACK_MS;
  const reachable = candidates.filter((epochMs) => Math.abs(epochMs - capturedAtMs) <= reachMs);
  const today =
    wall.day === undefined && place.datesOtherDays === true ? dayOf(capturedAtMs, place) : "";
  const sameDay = reachable.filter((epochMs) => dayOf(epochMs, place) === today);
  const within = sameDay.length > 0 ? sameDay : reachable;
  const ahead = within.filter((epochMs) => epochMs >= earliest);
  const [next, afterNext] = ahead.length > 0 ? ahead : within.toReversed();
  if (next !== undefined && isTwin(next, afterNext)) {
    return {
      error: `reset-ambiguous: expected a time that clocks show once, got "${shown}", which they show twice.`,
    };
  }
  if (next !== undefined) return { epochMs: next, isPast: next < capturedAtMs };
  return {
    error: `reset-implausible: expected a reset within ${String(windowMs / MINUTE_MS)} minutes of the capture, got "${shown}".`,
  };
}

/** Whether a reset is of a period that a reading can show: at most the limit's window away from it. */
export function isPlausibleReset(
  resetMs: number,
  { readAtMs, windowMs }: { readonly readAtMs: number; readonly windowMs: number },
): boolean {
  return Math.abs(resetMs - readAtMs) <= longestMs(windowMs) + SLACK_MS;
}

/** A limit of days may have an hour more when clocks go back, and one of a month has up to 31 days. */
function longestMs(windowMs: number): number {
  if (windowMs < DAY_MS) return windowMs;
  return (windowMs < MONTH_MS ? windowMs : Math.max(windowMs, 31 * DAY_MS)) + HOUR_MS;
}

/** Whether the platform knows the zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).format(0) !== "";
  } catch {
    return false;
  }
}

/** Days as `YYYY-MM-DD` in the pane's zone on which the time may be. */
function candidateDates({ month, day }: WallTime, place: Place): readonly string[] {
  const today = place.capturedAtMs + offsetMs(place.capturedAtMs, place.timeZone);
  if (month === undefined || day === undefined) {
    return [-1, 0, 1].map((days) => timestampOf(today + days * DAY_MS).slice(0, 10));
  }
  const year = Number(timestampOf(today).slice(0, 4));
  return [year - 1, year, year + 1].map((each) => `${each}-${twoDigits(month)}-${twoDigits(day)}`);
}

/** The day as `YYYY-MM-DD` that the zone's wall shows at a moment. */
function dayOf(epochMs: number, { timeZone }: Pick<Place, "timeZone">): string {
  return wallClock(epochMs, timeZone).date;
}

/** Clocks are put back by at most so much. */
const PUT_BACK_MS = 2 * HOUR_MS;

function isTwin(one: number, other: number | undefined): boolean {
  return other !== undefined && Math.abs(one - other) <= PUT_BACK_MS;
}

/** Two moments if clocks were put back; the one after it if they were put forward over the time. */
function momentsOf(date: string, { hour, minute }: WallTime, timeZone: string): readonly number[] {
  const time = `${date}T${twoDigits(hour)}:${twoDigits(minute)}`;
  const shown = epochMsOf(`${time}:00.000Z`);
  if (Number.isNaN(shown) || !timestampOf(shown).startsWith(date)) return [];
  const found = momentsAt(time, timeZone);
  return found.length > 0 ? found : [shown - offsetMs(shown - DAY_MS, timeZone)];
}

/**
 * The moments at which the zone's clocks show a date and a time: two if clocks were put back over it,
 * none if they were put forward over it, otherwise one.
 * @param shown - Such as `2026-10-25T02:30`.
 * @throws RangeError for a zone that does not exist.
 */
export function momentsAt(shown: string, timeZone: string): readonly number[] {
  const shownMs = epochMsOf(`${shown}:00.000Z`);
  const offsets = new Set([shownMs - DAY_MS, shownMs + DAY_MS].map((at) => offsetMs(at, timeZone)));
  return [...offsets]
    .map((ahead) => shownMs - ahead)
    .filter((epochMs) => epochMs + offsetMs(epochMs, timeZone) === shownMs)
    .toSorted((left, right) => left - right);
}

/** How far the zone's wall is ahead of UTC at a moment. */
export function offsetMs(epochMs: number, timeZone: string): number {
  const { date, time, second } = wallClock(epochMs, timeZone);
  const shown = epochMsOf(`${date}T${time}:${second}.000Z`);
  return shown - Math.floor(epochMs / 1000) * 1000;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** 1 to 12 for an English month by its first three letters; undefined for anything else. */
export function monthNumber(name: string): number | undefined {
  const index = MONTHS.indexOf(name.slice(0, 3).toLowerCase());
  return index === -1 ? undefined : index + 1;
}
