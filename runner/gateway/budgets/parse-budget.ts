import type { BudgetUnit } from "../../../ledger/domain/budget-event.ts";
import { UsageError } from "../../../ledger/domain/errors.ts";

const PLAIN_INTEGER = /^(?:0|[1-9]\d*)$/;
const PLAIN_DECIMAL = /^(?:0|[1-9]\d{0,6})(?:\.\d{1,9})?$/;
const LARGEST = Number.MAX_SAFE_INTEGER;
/** The largest amount of dollars or minutes that the experiment file accepts. */
export const DECIMAL_MAX = 1_000_000;
const SHOWN_CHARACTERS_MAX = 80;

/** The word for an amount of a unit in help and messages. */
export const UNIT_FORM = { tokens: "tokens", usd: "dollars", minutes: "minutes" } as const;
/** The word for "no limit". */
export const UNLIMITED = "unlimited";

const EXPECTED = {
  tokens: `a whole number of tokens from 0 to ${LARGEST}`,
  usd: `an amount of dollars from 0 to ${DECIMAL_MAX}`,
  minutes: `a number of minutes from 0 to ${DECIMAL_MAX}`,
} as const satisfies Record<BudgetUnit, string>;
const EXAMPLE = { tokens: "40000", usd: "1.50", minutes: "90" } as const;

/**
 * Reads a budget: a plain number, where 0 allows nothing, or `unlimited`.
 * @param name the option or variable, for the message.
 * @returns null for no limit.
 * @throws BudgetTextError for any other text.
 */
export function parseAmount(
  text: string,
  { name, unit }: { readonly name: string; readonly unit: BudgetUnit },
): number | null {
  const plain = text.trim();
  if (plain.toLowerCase() === UNLIMITED) return null;
  const amount = Number(plain);
  const form = unit === "tokens" ? PLAIN_INTEGER : PLAIN_DECIMAL;
  if (form.test(plain) && amount <= (unit === "tokens" ? LARGEST : DECIMAL_MAX)) return amount;
  throw new BudgetTextError(
    `${name}: expected ${EXPECTED[unit]}, got ${quote(text)}. ${mend(plain, unit)}`,
  );
}

/** Quotes a value as it was written, and shortens a long one. */
function quote(text: string): string {
  return JSON.stringify(
    text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text,
  );
}

function mend(text: string, unit: BudgetUnit): string {
  if (text === "" || text.startsWith("-")) {
    return "Write 0 to allow nothing, or unlimited for no limit.";
  }
  const meant = unit === "tokens" ? readTokens(text) : readDecimal(text);
  return meant === undefined
    ? `Write digits only, e.g. ${EXAMPLE[unit]}.`
    : `Write digits only: ${meant}.`;
}

/** Reads what a user probably meant by `10k tokens`, `1e6` or `200,000`. */
function readTokens(text: string): number | undefined {
  const match = /^\+?([\d,_.]*\d(?:e\d{1,2})?)\s*([km])?\s*(?:tokens?)?$/iu.exec(text);
  if (!match?.[1]) return undefined;
  const unit = match[2]?.toLowerCase();
  const factor = unit === "k" ? 1000 : unit === "m" ? 1_000_000 : 1;
  const tokens = Number(match[1].replaceAll(/[,_]/gu, "")) * factor;
  return Number.isSafeInteger(tokens) ? tokens : undefined;
}

/** Reads what a user probably meant by `$1.50`, `2 USD` or `90 min`. */
function readDecimal(text: string): string | undefined {
  return /^[+$]?\s*(\d{1,7}(?:\.\d{1,9})?)\s*(?:usd|dollars?|min(?:utes?)?)?$/iu.exec(text)?.[1];
}

/** Budgets of commands or of roles, in one unit. */
export interface NamedBudgets {
  /** The option or variable, for messages. */
  readonly name: string;
  readonly scope: "command" | "role";
  readonly unit: BudgetUnit;
}

/**
 * Reads texts such as `/implement=40000` or `implementer=40000`. A single word may omit the slash of a
 * command. A slash command with arguments is cut to its base command, because budgets match by that.
 * null means no limit.
 * @throws BudgetTextError if `=` or the name is missing, the limit is not a number, or two texts limit
 * the same command or role.
 */
export function parseNamedBudgets(
  texts: readonly string[],
  of: NamedBudgets,
): ReadonlyMap<string, number | null> {
  const budgets = new Map<string, number | null>();
  for (const text of texts) {
    const { owner, limit } = parseNamedBudget(text, of);
    if (budgets.has(owner)) {
      throw new BudgetTextError(
        `${of.name}: expected one budget per ${of.scope}, got a second one for ${quote(owner)}: ${quote(text)}. Leave one of them out.`,
      );
    }
    budgets.set(owner, limit);
  }
  return budgets;
}

function parseNamedBudget(text: string, { name, scope, unit }: NamedBudgets) {
  const at = text.lastIndexOf("=");
  const owner = at === -1 ? "" : toOwner(scope, text.slice(0, at));
  if (owner === "" || owner === "/") {
    const example = scope === "command" ? "/implement" : "implementer";
    throw new BudgetTextError(
      `${name}: expected ${scope.toUpperCase()}=${UNIT_FORM[unit].toUpperCase()}, got ${quote(text)}. Write e.g. '${example}=${EXAMPLE[unit]}'.`,
    );
  }
  return { owner, limit: parseAmount(text.slice(at + 1), { name: `${name} (${owner})`, unit }) };
}

/** Returns the one spelling of a command or a role that an option or a key of a file names. */
export function toOwner(scope: NamedBudgets["scope"], text: string): string {
  return scope === "command" ? toCommand(text) : toRole(text);
}

function toCommand(text: string): string {
  const command = baseCommand(text);
  const isBareWord = command !== "" && !command.startsWith("/") && !command.includes(" ");
  return isBareWord ? `/${command}` : command;
}

function toRole(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}

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

/** A budget on the command line or in the environment can't be used as written. */
export class BudgetTextError extends UsageError {}

const SLASH_COMMAND = /^\/[^\s/]\S*/u;

/**
 * Returns the part of a command that has the budget: the first word of a slash command, or the whole text
 * of any other prompt. The result is in Unicode NFC and lower case, with white space collapsed. Case is
 * ignored because a cap that misses its command over a capital letter protects nothing.
 */
export function baseCommand(command: string): string {
  const text = command.normalize("NFC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
  return SLASH_COMMAND.exec(text)?.[0] ?? text;
}
