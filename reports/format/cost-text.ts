import { formatCount, formatFixed, formatSignificant } from "./number-text.ts";

/** A cost in its unit: whole tokens, dollars to a hundredth of a cent, or units of a meter. */
export function costText(amount: number | null, measure: "tokens" | "usd" | "meter"): string {
  if (measure === "meter") return formatSignificant(amount);
  return measure === "usd" ? formatFixed(amount, 4) : formatCount(amount);
}
