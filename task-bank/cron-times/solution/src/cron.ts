import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS, partsOf, readTime, writeTime } from "./calendar.ts";
import { type Field, FIELDS } from "./fields.ts";

const YEARS_MAX = 10;

/** The next times of an expression after a time. */
export function nextTimes(expression: string, after: string, count: number): string[] {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) throw new RangeError(`"${expression}" needs five fields`);
  const [minutes, hours, days, months, weekdays] = texts.map((text, place) => valuesOf(text, FIELDS[place]));
  const fitsDay = dayTest({ days, weekdays }, texts[2] !== "*" && texts[4] !== "*");
  const now = readTime(after);
  const times: string[] = [];
  for (let day = dayOf(now); day < now + YEARS_MAX * 366 * DAY_MS && times.length < count; day += DAY_MS) {
    if (!months.has(partsOf(day).month) || !fitsDay(day)) continue;
    const moments = inOrder(hours).flatMap((hour) =>
      inOrder(minutes).map((minute) => day + hour * HOUR_MS + minute * MINUTE_MS),
    );
    times.push(...moments.filter((moment) => moment > now).map(writeTime));
  }
  return times.slice(0, count);
}

function dayTest({ days, weekdays }: Record<string, Set<number>>, isEither: boolean): (day: number) => boolean {
  return (moment) => {
    const { day, weekday } = partsOf(moment);
    const fits = [days.has(day), weekdays.has(weekday) || (weekday === 0 && weekdays.has(7))];
    return isEither ? fits.some(Boolean) : fits.every(Boolean);
  };
}

function inOrder(values: Set<number>): number[] {
  return [...values].sort((first, second) => first - second);
}

/** The values for which a field stands, e.g. 10, 15 and 20 for `10-20/5`. */
function valuesOf(text: string, field: Field): Set<number> {
  return new Set(
    text.split(",").flatMap((part) => {
      const [span, stepText = "1", ...rest] = part.split("/");
      const step = wholeNumber(stepText);
      const [from, to] = spanOf(span, field, part.includes("/"));
      if (rest.length > 0 || step === 0) throw new RangeError(`"${part}" has no step`);
      return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
    }),
  );
}

function spanOf(text: string, field: Field, isStepped: boolean): [number, number] {
  if (text === "*") return [field.first, field.last];
  const bounds = text.split("-").map((bound) => valueOf(bound, field));
  const [from, to = isStepped ? field.last : from] = bounds;
  if (bounds.length > 2 || to < from) throw new RangeError(`"${text}" is no range`);
  return [from, to];
}

function valueOf(text: string, { first, last, names }: Field): number {
  const place = names.indexOf(text.toUpperCase());
  const value = place === -1 ? wholeNumber(text) : first + place;
  if (value < first || value > last) throw new RangeError(`"${text}" is not from ${first} to ${last}`);
  return value;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new RangeError(`"${text}" is no number`);
  return Number(text);
}
