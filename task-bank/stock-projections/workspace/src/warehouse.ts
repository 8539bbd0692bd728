import { checkEvent } from "./checks.ts";
import type { RecordedEvent, StockEvent } from "./events.ts";

export interface Warehouse {
  record(event: StockEvent): RecordedEvent;
  report(name: string): Record<string, number>;
}

export function openWarehouse(): Warehouse {
  const events: RecordedEvent[] = [];

  function report(name: string): Record<string, number> {
    const numbers = new Map<string, number>();
    if (name === "on-hand") {
      for (const { type, item, quantity } of events) {
        if (type === "received") {
          numbers.set(item, (numbers.get(item) ?? 0) + quantity);
        } else if (type === "shipped") {
          numbers.set(item, (numbers.get(item) ?? 0) - quantity);
        } else if (type === "counted") {
          numbers.set(item, quantity);
        }
      }
    } else if (name === "shipped") {
      for (const { type, item, quantity } of events) {
        if (type === "shipped") {
          numbers.set(item, (numbers.get(item) ?? 0) + quantity);
        }
      }
    } else {
      throw new RangeError(`there is no report "${name}"`);
    }
    return Object.fromEntries([...numbers].filter(([, number]) => number !== 0));
  }

  return {
    record(event) {
      const onHand = new Map(Object.entries(report("on-hand")));
      checkEvent(event, onHand.get(event.item) ?? 0);
      const recorded = { ...event, seq: events.length + 1 };
      events.push(recorded);
      return recorded;
    },
    report,
  };
}
