import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { TokenBasis } from "../../ledger/domain/token-basis.ts";
import {
  formatCount,
  formatFixed,
  formatSignificant,
  formatTokens,
  NOT_AVAILABLE,
} from "./number-text.ts";

/** The unit of an amount; tokens of a budget always come with their basis. */
export interface AmountKind {
  readonly unit: BudgetUnit;
  readonly basis: TokenBasis;
}

const CENT_DECIMALS = 2;
const USD_DECIMALS_MAX = 9;
const USED_DECIMALS = 4;
const SMALLEST_USED = 0.0001;

/** A used amount without its unit: `29.7K`, `$1.2345`, `12.5`. */
export function usedText(unit: BudgetUnit, amount: number): string {
  if (unit === "tokens") return formatTokens(amount);
  if (unit === "minutes") return amount.toFixed(amount > 0 && amount < 1 ? 2 : 1);
  const isTiny = amount > 0 && amount < SMALLEST_USED;
  return `$${isTiny ? amount.toFixed(USD_DECIMALS_MAX).replace(/0+$/u, "") : amount.toFixed(USED_DECIMALS)}`;
}

/** A limit as it was given, without its unit: `40.0K`, `$25.00`, `90`. */
export function limitText(unit: BudgetUnit, amount: number): string {
  if (unit === "tokens") return formatTokens(amount);
  const digits = String(Number(amount.toFixed(USD_DECIMALS_MAX)));
  if (unit === "minutes") return digits;
  const decimals = digits.split(".")[1]?.length ?? 0;
  return `$${decimals > CENT_DECIMALS ? digits : amount.toFixed(CENT_DECIMALS)}`;
}

/** The share of a limit that is used: rounded down, so that it never shows a limit that was not reached. */
export function shareText(used: number, limit: number): string {
  // If nothing is allowed, no percentage describes the excess.
  if (limit === 0) return used === 0 ? "100.0 %" : "> 100 %";
  const percent = (used / limit) * 100;
  return `${(Math.floor(Number((percent * 10).toPrecision(12))) / 10).toFixed(1)} %`;
}

/** The unit after an amount: the basis of tokens, or `min`; dollars have their sign in front. */
export function unitWord({ unit, basis }: AmountKind): string {
  if (unit === "tokens") return ` ${basis}`;
  return unit === "minutes" ? " min" : "";
}

/** A cost in its unit: whole tokens, dollars to a hundredth of a cent, or units of a meter. */
export function costText(amount: number | null, measure: "tokens" | "usd" | "meter"): string {
  if (measure === "meter") return formatSignificant(amount);
  if (measure === "tokens") return formatCount(amount);
  return amount === null ? NOT_AVAILABLE : `$${formatFixed(amount, 4)}`;
}
