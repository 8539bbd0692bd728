import { epochMsOf, type Timestamp, timestampOf } from "../domain/timestamp.ts";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/u;

const CANONICAL = /\.\d{3}Z$/u;

/** A moment with its zone; undefined for everything else. */
export function readTimestamp(text: string | undefined): Timestamp | undefined {
  if (text === undefined || !MOMENT.test(text)) return undefined;
  const epochMs = epochMsOf(text);
  // Most clients write what a row has.
  if (CANONICAL.test(text) && !Number.isNaN(epochMs) && text.slice(8, 10) < "29") return text;
  return Number.isNaN(epochMs) ? undefined : timestampOf(epochMs);
}
