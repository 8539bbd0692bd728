export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The moment of a time such as `2026-03-14T09:30Z`, in milliseconds. */
export function readTime(text: string): number {
  return Date.parse(text);
}

export function writeTime(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 16)}Z`;
}

/** The beginning of the day in which a moment lies. */
export function dayOf(moment: number): number {
  return moment - (moment % DAY_MS);
}

/** Month from 1, weekday from 0 for Sunday. */
export function partsOf(day: number): { month: number; day: number; weekday: number } {
  const date = new Date(day);
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay() };
}
