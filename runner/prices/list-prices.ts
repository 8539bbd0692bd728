import type { FoundPrice, PriceBook } from "./price-book.ts";
import type { ModelPrice } from "./price-list.ts";

/** A price as it is shown: what holds at some times only is said in words. */
export interface ListedPrice extends FoundPrice {
  readonly remarks: readonly string[];
}

/** Every model of a book once, with the price that holds, by its id. */
export function listPrices({ lists }: PriceBook): readonly ListedPrice[] {
  const prices = new Map<string, ListedPrice>();
  for (const { name, models } of lists) {
    for (const [model, price] of Object.entries(models)) {
      if (!prices.has(model)) {
        prices.set(model, { model, list: name, price, remarks: remarksOn(price) });
      }
    }
  }
  return [...prices.values()].toSorted((left, right) => (left.model < right.model ? -1 : 1));
}

function remarksOn({ long_prompt: long, peak }: ModelPrice): readonly string[] {
  return [
    ...(long === undefined
      ? []
      : [
          `prompts above ${String(long.above_tokens)} tokens: ${String(long.input)} in, ${String(long.output)} out`,
        ]),
    ...(peak === undefined
      ? []
      : [
          `${String(peak.factor)} times from ${peak.from} to ${peak.to} ${peak.zone}${peak.days === undefined ? "" : ` (${peak.days.join(", ")})`}`,
        ]),
  ];
}
