import { epochMsOf, type Timestamp, timestampOf } from "../domain/timestamp.ts";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/u;

/** A moment with its zone; undefined for everything else. */
export function readTimestamp(text: string | undefined): Timestamp | undefined {
  if (text === undefined || !MOMENT.test(text)) return undefined;
  const epochMs = epochMsOf(text);
  return Number.isNaN(epochMs) ? undefined : timestampOf(epochMs);
}
