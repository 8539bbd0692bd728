import { epochMsOf, isCalendarDay, type Timestamp, timestampOf } from "../domain/timestamp.ts";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/u;

/** As a row has it: a row can't hold the hour 24. */
const CANONICAL = /T(?!24).{8}\.\d{3}Z$/u;

/** A moment with its zone; undefined for everything else. */
export function readTimestamp(text: string | undefined): Timestamp | undefined {
  if (text === undefined || !MOMENT.test(text)) return undefined;
  const epochMs = epochMsOf(text);
  if (Number.isNaN(epochMs)) return undefined;
  // Every month has 28 days, and only later ones need a look into the calendar.
  if (text.slice(8, 10) > "28" && !isCalendarDay(text.slice(0, 10))) return undefined;
  // Most clients write what a row has.
  return CANONICAL.test(text) ? text : timestampOf(epochMs);
}
