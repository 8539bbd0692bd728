import { wallClock } from "../../ledger/domain/wall-clock.ts";
import type { PeakHours } from "./peak-fields.ts";

/** Whether a moment (epoch ms) lies in the peak hours: from the first minute up to, not with, the last. */
export function isPeak({ zone, days, from, to }: PeakHours, atMs: number): boolean {
  const { weekday: day, time } = wallClock(atMs, zone);
  if (from < to) return isOn(days, day) && time >= from && time < to;
  // Over midnight: the hours after it belong to the day before.
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
