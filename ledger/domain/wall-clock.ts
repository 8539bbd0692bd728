/** What a clock on the wall shows, e.g. `2026-11-21`, `14:20`, `05` and `sat`. */
export interface WallClock {
  readonly date: string;
  readonly time: string;
  readonly second: string;
  readonly weekday: string;
}

/**
 * What the clocks of a time zone show at a moment.
 * @param timeZone IANA name; undefined: that of this machine.
 * @throws RangeError for a zone that is not known.
 */
export function wallClock(epochMs: number, timeZone?: string): WallClock {
  const format = new Intl.DateTimeFormat("en-US", {
    ...(timeZone === undefined ? {} : { timeZone }),
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return {
    date: `${of("year")}-${of("month")}-${of("day")}`,
    time: `${of("hour")}:${of("minute")}`,
    second: of("second"),
    weekday: of("weekday").toLowerCase(),
  };
}
