import { z } from "zod";

import { wallClock } from "../../../ledger/domain/wall-clock.ts";
import { isTimeZone } from "../../../ledger/sources/local-time.ts";
import { fieldHints } from "../../platform/yaml/field-hints.ts";

/** Whether a moment (epoch ms) is in the peak hours, which include `from` and exclude `to`. */
export function isPeak({ zone, days, from, to }: PeakHours, atMs: number): boolean {
  const { weekday: day, time } = wallClock(atMs, zone);
  if (from < to) return isOn(days, day) && time >= from && time < to;
  // Hours after midnight belong to the day before.
  if (time >= from) return isOn(days, day);
  return time < to && isOn(days, dayBefore(day));
}

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

function isOn(days: PeakHours["days"], day: string): boolean {
  return days === undefined || days.some((each) => each === day);
}

function dayBefore(day: string): string {
  const index = WEEK.findIndex((each) => each === day);
  return WEEK.at(index - 1) ?? day;
}

const TimeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
  .register(fieldHints, { expected: "a time of day", mend: 'Write e.g. "14:00", in quotes.' });

/** The hours of a peak, including `from` and excluding `to`. Without `days` they hold every day. */
export const PEAK_FIELDS = {
  zone: z.string().refine(isTimeZone).register(fieldHints, {
    expected: "a time zone",
    mend: "Write e.g. Asia/Shanghai.",
  }),
  days: z
    .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
    .min(1)
    .readonly()
    .optional(),
  from: TimeOfDay,
  to: TimeOfDay,
};

export type PeakHours = z.infer<z.ZodObject<typeof PEAK_FIELDS>>;
