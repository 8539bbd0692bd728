import { epochMsOf } from "../../domain/timestamp.ts";
import { monthNumber, type ResolvedTime, resolveWallTime } from "../local-time.ts";
import type { Capture } from "../pane-reading.ts";
import type { NamedLimit } from "./limit-label.ts";

const MS_PER_MINUTE = 60_000;
const NO_RESET = { error: "expected a reset, got none that can be read." };

/** How a reset without a date is meant. */
type Dating = Pick<NamedLimit, "minutes"> & {
  /** Whether it is of the day itself, because every other day has a date. */
  readonly datesOtherDays?: boolean;
};

/** Reads `(resets 21:11 on 25 Oct)`. The closing bracket is asked for: a reset that was cut off is another one. */
export function readReset(
  value: string,
  { minutes, datesOtherDays = true }: Dating,
  { capturedAt, timeZone }: Capture,
): ResolvedTime {
  const found = /resets\s+(\d{1,2}):(\d{2})(?:\s+on\s+(\d{1,2})\s+([A-Z][a-z]{2,8}))?\s*\)/u.exec(
    value,
  );
  if (found === null) return NO_RESET;
  const [shown, hour = "", minute = "", day, name] = found;
  const month = name === undefined ? undefined : monthNumber(name);
  if (name !== undefined && month === undefined) return NO_RESET;
  return resolveWallTime(
    {
      hour: Number(hour),
      minute: Number(minute),
      ...(month === undefined ? {} : { month, day: Number(day) }),
    },
    {
      capturedAtMs: epochMsOf(capturedAt),
      timeZone,
      windowMs: minutes * MS_PER_MINUTE,
      datesOtherDays,
      shown: shown.replace(/\s*\)$/u, ""),
    },
  );
}
