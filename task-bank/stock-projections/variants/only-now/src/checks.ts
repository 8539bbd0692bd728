import type { StockEvent } from "./events.ts";

const LEAST = new Map([
  ["received", 1],
  ["shipped", 1],
  ["counted", 0],
]);

/** Refuses an event that can't have happened while so much of its item was on hand. */
export function checkEvent({ type, item, quantity }: StockEvent, onHand: number): void {
  const least = LEAST.get(type);
  if (least === undefined) throw new RangeError(`there is no event "${type}"`);
  if (!Number.isInteger(quantity) || quantity < least) throw new RangeError(`${quantity} ${item} can't be ${type}`);
  if (type === "shipped" && quantity > onHand) throw new RangeError(`only ${onHand} ${item} are on hand`);
}
