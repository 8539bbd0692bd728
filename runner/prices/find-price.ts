import type { FoundPrice } from "./price-book.ts";
import type { PriceList } from "./price-list.ts";

/** The day of a snapshot that vendors put behind an id: `-20250929`, `-2025-08-07`, `@20250929`. */
const DATE_SUFFIX = /[-@]20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])$/;

/** A model's price in the first list that has its id, exact or without its date; never one that is merely like it. */
export function findPrice(lists: readonly PriceList[], model: string): FoundPrice | undefined {
  const undated = model.replace(DATE_SUFFIX, "");
  for (const { name, models } of lists) {
    for (const id of new Set([model, undated])) {
      const price = Object.hasOwn(models, id) ? models[id] : undefined;
      if (price !== undefined) return { model: id, list: name, price };
    }
  }
  return undefined;
}
