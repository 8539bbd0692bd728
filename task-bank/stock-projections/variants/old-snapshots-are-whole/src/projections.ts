import type { StockEvent } from "./events.ts";

/** What a report knows of each item: how much is on hand, and the number that it shows. */
export type State = Map<string, { onHand: number; shown: number }>;

const ON_HAND_AFTER: Record<StockEvent["type"], (onHand: number, quantity: number) => number> = {
  received: (onHand, quantity) => onHand + quantity,
  shipped: (onHand, quantity) => onHand - quantity,
  counted: (_onHand, quantity) => quantity,
};

/** How much an event that changes what is on hand by `change` adds to what a report shows. */
const SHOWN = new Map<string, (event: StockEvent, change: number) => number>([
  ["on-hand", (_event, change) => change],
  ["shipped", ({ type }, change) => (type === "shipped" ? -change : 0)],
  ["corrections", ({ type }, change) => (type === "counted" ? change : 0)],
]);

export const REPORTS = [...SHOWN.keys()];

/** Brings the state of a report up to date with one more event. */
export function apply(report: string, state: State, event: StockEvent): void {
  const { onHand, shown } = state.get(event.item) ?? { onHand: 0, shown: 0 };
  const after = ON_HAND_AFTER[event.type](onHand, event.quantity);
  state.set(event.item, { onHand: after, shown: shown + SHOWN.get(report)(event, after - onHand) });
}

export function numbersOf(state: State): Record<string, number> {
  const numbers = [...state].map(([item, { shown }]) => [item, shown] as const);
  return Object.fromEntries(numbers.filter(([, number]) => number !== 0));
}
