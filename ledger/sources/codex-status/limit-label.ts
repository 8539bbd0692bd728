/** A limit as its label names it. */
export interface NamedLimit {
  readonly name: string;
  /** Minutes of the window that the limit covers. */
  readonly minutes: number;
}

const HOUR = 60;
const DAY = 24 * HOUR;
const WORDS: Readonly<Record<string, number>> = {
  daily: DAY,
  weekly: 7 * DAY,
  monthly: 30 * DAY,
  annual: 365 * DAY,
};

/** Reads `5h`, `Weekly` or `gpt-5 Weekly`; undefined where the label names no duration. */
export function readLimitLabel(label: string): NamedLimit | undefined {
  const name = label.trim().replaceAll(/\s+/gu, " ").toLowerCase();
  const last = name.split(" ").at(-1) ?? "";
  const minutes = WORDS[last] ?? spanMinutes(last);
  return minutes === undefined ? undefined : { name, minutes };
}

/** Servers say 299 minutes for five hours. */
const ROUNDING = 3;
/** A month has up to 31 days. */
const MONTH = [28 * DAY, 31 * DAY] as const;

/** The name of a limit that is known by its minutes alone. */
export function nameOfMinutes(minutes: number): string {
  const word = Object.entries(WORDS).find(([, known]) => isAbout(minutes, known))?.[0];
  if (word !== undefined) return word;
  if (minutes >= MONTH[0] && minutes <= MONTH[1]) return "monthly";
  const hours = Math.round(minutes / HOUR);
  return hours > 0 && isAbout(minutes, hours * HOUR) ? `${hours}h` : `${minutes}m`;
}

/** A limit of Codex by its minutes; one of a model has that model's name before it. null: the account's own. */
export function limitOfMinutes(model: string | null, minutes: number): NamedLimit {
  const scope = model === null ? "" : `${model} `;
  return { name: `${scope}${nameOfMinutes(minutes)}`.toLowerCase(), minutes };
}

/** The id of the account's own limits. */
export const GENERAL = "codex";

function isAbout(minutes: number, known: number): boolean {
  return Math.abs(minutes - known) <= ROUNDING;
}

function spanMinutes(text: string): number | undefined {
  const [, digits = "", unit = ""] = /^(\d{1,4})([mhd])$/u.exec(text) ?? [];
  const count = Number(digits);
  if (count === 0) return undefined;
  if (unit === "m") return count;
  return unit === "h" ? count * HOUR : count * DAY;
}
