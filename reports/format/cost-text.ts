import { formatCount, formatFixed } from "./number-text.ts";

/** A cost in its unit: whole tokens, or dollars to a hundredth of a cent. */
export function costText(amount: number | null, measure: "tokens" | "usd"): string {
  return measure === "usd" ? formatFixed(amount, 4) : formatCount(amount);
}
