import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { BudgetTextError } from "./errors.ts";

const PLAIN_INTEGER = /^(?:0|[1-9]\d*)$/;
const PLAIN_DECIMAL = /^(?:0|[1-9]\d{0,6})(?:\.\d{1,9})?$/;
const LARGEST = Number.MAX_SAFE_INTEGER;
/** Dollars or minutes; what the experiment file takes at most. */
export const DECIMAL_MAX = 1_000_000;
const SHOWN_CHARACTERS_MAX = 80;

/** How help and messages call an amount of a unit. */
export const UNIT_FORM = { tokens: "tokens", usd: "dollars", minutes: "minutes" } as const;
/** What says that there is no limit, as the plan shows it. */
export const UNLIMITED = "unlimited";

const EXPECTED = {
  tokens: `a whole number of tokens from 0 to ${LARGEST}`,
  usd: `an amount of dollars from 0 to ${DECIMAL_MAX}`,
  minutes: `a number of minutes from 0 to ${DECIMAL_MAX}`,
} as const satisfies Record<BudgetUnit, string>;
const EXAMPLE = { tokens: "40000", usd: "1.50", minutes: "90" } as const;

/**
 * Reads a budget of a unit: a plain number, where 0 allows nothing, or `unlimited`.
 * @returns null for no limit.
 * @param name the option or variable that it came by, for the message.
 * @throws BudgetTextError for anything else.
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

/** A value as it was written, in quotes and not too long. */
export function quote(text: string): string {
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

/** What somebody who wrote `10k tokens`, `1e6` or `200,000` probably meant. */
function readTokens(text: string): number | undefined {
  const match = /^\+?([\d,_.]*\d(?:e\d{1,2})?)\s*([km])?\s*(?:tokens?)?$/iu.exec(text);
  if (!match?.[1]) return undefined;
  const unit = match[2]?.toLowerCase();
  const factor = unit === "k" ? 1000 : unit === "m" ? 1_000_000 : 1;
  const tokens = Number(match[1].replaceAll(/[,_]/gu, "")) * factor;
  return Number.isSafeInteger(tokens) ? tokens : undefined;
}

/** The same of `$1.50`, `2 USD` or `90 min`. */
function readDecimal(text: string): string | undefined {
  return /^[+$]?\s*(\d{1,7}(?:\.\d{1,9})?)\s*(?:usd|dollars?|min(?:utes?)?)?$/iu.exec(text)?.[1];
}
