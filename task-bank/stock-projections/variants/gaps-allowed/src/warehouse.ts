import { checkEvent } from "./checks.ts";
import type { RecordedEvent, StockEvent } from "./events.ts";
import { apply, numbersOf, REPORTS, type State } from "./projections.ts";

export interface Snapshot {
  seq: number;
  states: Record<string, unknown>;
}

export interface Warehouse {
  record(event: StockEvent): RecordedEvent;
  report(name: string, after?: number): Record<string, number>;
  snapshot(): Snapshot;
}

const NO_SNAPSHOT: Snapshot = { seq: 0, states: {} };

export function openWarehouse({
  snapshot = NO_SNAPSHOT,
  events = [],
}: { snapshot?: Snapshot; events?: RecordedEvent[] } = {}): Warehouse {
  const log = [...events];
  const first = log[0]?.seq ?? snapshot.seq + 1;
  let last = first + log.length - 1;
  if (last < snapshot.seq)
    throw new RangeError("events are missing");
  const current = new Map(REPORTS.map((name) => [name, replay(name, last)]));

  function replay(name: string, until: number): State {
    const kept = until < snapshot.seq ? undefined : snapshot.states[name];
    const from = kept === undefined ? 0 : snapshot.seq;
    if (from < until && first > from + 1) throw new RangeError(`events after ${from} are missing`);
    const state: State = new Map(kept as [string, { onHand: number; shown: number }][]);
    for (const event of log) if (event.seq > from && event.seq <= until) apply(name, state, event);
    return state;
  }

  return {
    record(event) {
      checkEvent(event, current.get("on-hand").get(event.item)?.onHand ?? 0);
      last += 1;
      const recorded = { ...event, seq: last };
      log.push(recorded);
      for (const [name, state] of current) apply(name, state, event);
      return recorded;
    },
    report(name, after = last) {
      const state = current.get(name);
      if (state === undefined) throw new RangeError(`there is no report "${name}"`);
      if (!Number.isInteger(after) || after < 0 || after > last) throw new RangeError(`there is no event ${after}`);
      return numbersOf(after === last ? state : replay(name, after));
    },
    snapshot() {
      const states = [...current].map(([name, state]) => [name, [...state]]);
      return { seq: last, states: Object.fromEntries(states) };
    },
  };
}
