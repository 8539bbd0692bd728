import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { formatTokens } from "./number-text.ts";

/** What a number counts; the basis is said wherever tokens of a budget are. */
export interface AmountKind {
  readonly unit: BudgetUnit;
  readonly basis: TokenBasis;
}

const CENT_DECIMALS = 2;
const USD_DECIMALS_MAX = 9;
const USED_DECIMALS = 4;
const SMALLEST_USED = 0.0001;

/** What was used, without its unit's word: `29.7K`, `$1.2345`, `12.5`. */
export function usedText(unit: BudgetUnit, amount: number): string {
  if (unit === "tokens") return formatTokens(amount);
  if (unit === "minutes") return amount.toFixed(amount > 0 && amount < 1 ? 2 : 1);
  const isTiny = amount > 0 && amount < SMALLEST_USED;
  return `$${isTiny ? amount.toFixed(USD_DECIMALS_MAX).replace(/0+$/u, "") : amount.toFixed(USED_DECIMALS)}`;
}

/** A limit as it was given, without its unit's word: `40.0K`, `$25.00`, `90`. */
export function limitText(unit: BudgetUnit, amount: number): string {
  if (unit === "tokens") return formatTokens(amount);
  const digits = String(Number(amount.toFixed(USD_DECIMALS_MAX)));
  if (unit === "minutes") return digits;
  const decimals = digits.split(".")[1]?.length ?? 0;
  return `$${decimals > CENT_DECIMALS ? digits : amount.toFixed(CENT_DECIMALS)}`;
}

/** The word beside an amount: the basis of tokens, `min`; dollars carry their sign. */
export function unitWord({ unit, basis }: AmountKind): string {
  if (unit === "tokens") return ` ${basis}`;
  return unit === "minutes" ? " min" : "";
}
