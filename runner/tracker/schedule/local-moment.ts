import { epochMsOf, isCalendarDay } from "../../../ledger/domain/timestamp.ts";
import { wallClock } from "../../../ledger/domain/wall-clock.ts";
import { momentsAt, offsetMs } from "../../../ledger/sources/local-time.ts";

const LOCAL =
  /^(?<date>2\d{3}-\d\d-\d\d)[ T](?<time>(?:[01]\d|2[0-3]):[0-5]\d)(?<offset>Z|[+-]\d\d:\d\d)?$/u;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A moment, or what is wrong with the text and what to write instead. */
export type ReadMoment = { readonly epochMs: number } | { readonly fault: string };

/**
 * Reads a local time such as `2026-10-25 02:30`. A time that occurs twice means the first one; with its
 * offset from UTC it means that one: `2026-10-25 02:30+01:00`.
 */
export function readLocalMoment(text: string, timeZone: string): ReadMoment {
  const { date = "", time = "", offset } = LOCAL.exec(text)?.groups ?? {};
  if (time === "" || !isCalendarDay(date)) {
    return {
      fault: `expected a local date and time, got ${JSON.stringify(text)}. Write e.g. 2026-10-26 10:00.`,
    };
  }
  if (offset !== undefined) return { epochMs: epochMsOf(`${date}T${time}:00.000${offset}`) };
  const [epochMs] = momentsAt(`${date}T${time}`, timeZone);
  if (epochMs !== undefined) return { epochMs };
  const next = wallClock(afterGap(`${date}T${time}`, timeZone), timeZone);
  return {
    fault: `expected a time that exists, got ${JSON.stringify(text)}: the clocks of ${timeZone} are put forward over it. Write e.g. ${next.date} ${next.time}.`,
  };
}

/** The first such moment; if clocks are put forward over it, as much later as they are put forward. */
export function localMoment(shown: string, timeZone: string): number {
  return momentsAt(shown, timeZone)[0] ?? afterGap(shown, timeZone);
}

/** Writes a moment as local time, with its offset only if its time occurs twice that day. */
export function writeLocalMoment(epochMs: number, timeZone: string): string {
  const { date, time } = wallClock(epochMs, timeZone);
  const isTwice = momentsAt(`${date}T${time}`, timeZone).length > 1;
  return `${date} ${time}${isTwice ? writeOffset(offsetMs(epochMs, timeZone)) : ""}`;
}

function afterGap(shown: string, timeZone: string): number {
  const shownMs = epochMsOf(`${shown}:00.000Z`);
  return shownMs - offsetMs(shownMs - DAY_MS, timeZone);
}

function writeOffset(aheadMs: number): string {
  const [hours, minutes] = [Math.floor(Math.abs(aheadMs) / HOUR_MS), Math.abs(aheadMs) % HOUR_MS];
  const digits = [hours, minutes / MINUTE_MS].map((part) => String(part).padStart(2, "0"));
  return `${aheadMs < 0 ? "-" : "+"}${digits.join(":")}`;
}
