const MINUTE_MS = 60_000;
const UNITS = [
  { name: "days", ms: 1440 * MINUTE_MS },
  { name: "hours", ms: 60 * MINUTE_MS },
  { name: "minutes", ms: MINUTE_MS },
  { name: "seconds", ms: 1000 },
] as const;

/** The largest unit that fits into the duration at least twice. */
export function unitFor(durationMs: number) {
  return UNITS.find(({ ms }) => durationMs >= 2 * ms) ?? { name: "seconds" as const, ms: 1000 };
}

/** `12.5 minutes`. */
export function sayDuration(durationMs: number): string {
  const { name, ms } = unitFor(durationMs);
  return `${(durationMs / ms).toFixed(1)} ${name}`;
}
