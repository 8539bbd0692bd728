import { BudgetTextError } from "./budget-text-error.ts";
import { quote } from "./parse-budget.ts";

const MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const DURATION = /^(\d{1,6}(?:\.\d{1,3})?)\s*(s|m|h|d|w)$/;
const LONGEST_MS = 366 * MS.d;

export const DURATION_EXPECTED = "a time from 1s to 366d, in s, m, h, d or w";

/** Converts `90s`, `30m`, `5h`, `7d` or `1w` to milliseconds; null for any other text. */
export function readDuration(text: string): number | null {
  const [, number = "", unit = ""] = DURATION.exec(text.trim().toLowerCase()) ?? [];
  if (!isUnit(unit)) return null;
  const ms = Math.round(Number(number) * MS[unit]);
  return ms >= MS.s && ms <= LONGEST_MS ? ms : null;
}

/** @throws BudgetTextError naming the option or variable. */
export function parseDuration(text: string, name: string): number {
  const ms = readDuration(text);
  if (ms !== null) return ms;
  throw new BudgetTextError(
    `${name}: expected ${DURATION_EXPECTED}, got ${quote(text)}. Write e.g. 5h.`,
  );
}

/** Formats milliseconds as the shortest such text, e.g. `5h`. */
export function sayDuration(ms: number): string {
  const units = (["w", "d", "h", "m", "s"] as const).filter((unit) => ms % MS[unit] === 0);
  // A week is shown in days, because vendors call the period `7d`.
  const unit = units.find((one) => one !== "w") ?? "s";
  return `${String(ms / MS[unit])}${unit}`;
}

function isUnit(text: string): text is keyof typeof MS {
  return Object.hasOwn(MS, text);
}
