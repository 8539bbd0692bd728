/** The same day so many months later, or the last day of a month that is too short. */
export function monthsLater(date: string, months: number): string {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const daysInMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const later = Date.UTC(year, month - 1 + months, Math.min(day, daysInMonth));
  return new Date(later).toISOString().slice(0, 10);
}
