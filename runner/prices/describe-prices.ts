import type { PriceBook } from "./price-book.ts";

/** What identifies the prices of an experiment, for its registration and its sessions. */
export function describePrices({ prices }: { readonly prices: PriceBook }) {
  const { name, asOf, sha256 } = prices;
  return { name, as_of: asOf, sha256 };
}
