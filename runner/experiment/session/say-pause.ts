const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

/** Formats the length of a pause, rounded up: `64 s`, `7 min`, `5 h 12 min`, `6 d 3 h`. */
export function sayPause(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE_MS);
  if (minutes <= 2) return `${String(Math.ceil(ms / SECOND_MS))} s`;
  if (minutes < HOUR_MINUTES) return `${String(minutes)} min`;
  if (minutes < DAY_MINUTES) return sayTwo(minutes, [HOUR_MINUTES, "h"], [1, "min"]);
  const hours = Math.ceil(minutes / HOUR_MINUTES) * HOUR_MINUTES;
  return sayTwo(hours, [DAY_MINUTES, "d"], [HOUR_MINUTES, "h"]);
}

type Unit = readonly [minutes: number, name: string];

/** The second unit is left out if nothing remains for it. */
function sayTwo(minutes: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = (minutes % large) / small;
  const first = `${String(Math.floor(minutes / large))} ${largeName}`;
  return rest === 0 ? first : `${first} ${String(rest)} ${smallName}`;
}
