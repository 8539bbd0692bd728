import { epochMsOf } from "../../domain/timestamp.ts";
import { isTimeZone, monthNumber, type ResolvedTime, resolveWallTime } from "../local-time.ts";
import type { Capture } from "../pane-reading.ts";

const MS_PER_MINUTE = 60_000;
const DAY_MINUTES = 1440;

const IN = /resets?\s+in\s+(?:(\d+)\s*d\w*)?\s*(?:(\d+)\s*h\w*)?\s*(?:(\d+)\s*m\w*)?/iu;
const AT =
  /resets?\s+(?:at\s+)?(?:([a-z]{3,9})\s+(\d{1,2})(?:,|\s+at)?\s+)?(\d{1,2})(?::(\d{2}))?\s*(am|pm)\b\s*(?:\(([^()]{1,64})(\))?)?/iu;

/** Reads `Resets 8:59pm (Asia/Irkutsk)`, `Resets Oct 20, 2am` or `Resets in 2h 15m`. */
export function readReset(text: string, minutes: number, capture: Capture): ResolvedTime {
  const [span, days, hours, rest] = IN.exec(text) ?? [];
  if (span !== undefined && [days, hours, rest].some((part) => part !== undefined)) {
    const ahead = Number(days ?? 0) * DAY_MINUTES + Number(hours ?? 0) * 60 + Number(rest ?? 0);
    if (ahead > minutes)
      return {
        error: `reset-implausible: expected a reset within the limit's window, got "${span}".`,
      };
    return {
      epochMs: epochMsOf(capture.capturedAt) + ahead * MS_PER_MINUTE,
      isPast: false,
    };
  }
  const at = AT.exec(text);
  return at === null ? { error: "expected a reset, got none." } : readAt(at, minutes, capture);
}

function readAt(at: RegExpExecArray, minutes: number, capture: Capture): ResolvedTime {
  const [shown, name, day, hour, minute = "0", half = ""] = at;
  const zone = readZone(at, capture);
  if (typeof zone !== "string") return zone;
  const month = name === undefined ? undefined : monthNumber(name);
  if (name !== undefined && month === undefined)
    return { error: `expected a month in "${shown}".` };
  // Some versions show a week's reset as a time of day, whatever the day.
  if (month === undefined && minutes > DAY_MINUTES) {
    return { error: `expected the day of the reset, got "${shown}".` };
  }
  const wall = {
    hour: hourOf(Number(hour), half),
    minute: Number(minute),
    ...(month === undefined ? {} : { month, day: Number(day) }),
  };
  const capturedAtMs = epochMsOf(capture.capturedAt);
  const windowMs = minutes * MS_PER_MINUTE;
  return resolveWallTime(wall, { capturedAtMs, timeZone: zone, windowMs, shown });
}

/** The zone that the pane names, else the capture's. Read in another zone, it would be another moment. */
function readZone([, , , , , , named, end]: RegExpExecArray, { timeZone }: Capture) {
  if (named === undefined) return timeZone;
  if (end === undefined) {
    return { error: `expected the whole zone of the reset, got "(${named.trim()}".` };
  }
  // A narrow pane breaks a zone after its slash.
  const zone = named.replaceAll(/\s+/gu, "");
  return isTimeZone(zone) ? zone : { error: `expected a reset in a known zone, got "${named}".` };
}

/** NaN for an hour that no clock of twelve hours shows. */
function hourOf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
}
