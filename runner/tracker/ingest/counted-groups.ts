import type { IngestedEvent } from "../../../ledger/domain/usage-ingested.ts";
import { sumUsage, USAGE_COUNTERS, type Usage } from "../../../ledger/domain/usage.ts";
import type { KnownEvent } from "../../../ledger/views/ingested-usage.ts";
import { isSingle, type SessionEvent } from "./held-readings.ts";
import type { EventPlace } from "./place-events.ts";

/** New events of one place and one model. */
export interface IngestedGroup {
  readonly place: EventPlace;
  readonly lane: IngestedEvent["lane"];
  readonly model: string | null;
  readonly events: number;
  readonly usage: Usage;
}

export interface PlacedEvent extends SessionEvent {
  readonly place: EventPlace;
}

interface SessionGroup extends IngestedGroup {
  /** The session of a counter; null for single requests. */
  readonly counterOf: string | null;
}

/** Sums of what an ingest has written. */
export class CountedGroups {
  readonly #groups = new Map<string, SessionGroup>();

  add(events: readonly PlacedEvent[]): void {
    const alikes = groupsBy(events, [
      ({ place }) => place,
      ({ event }) => event.lane,
      ({ event }) => event.model,
      (one) => (isSingle(one) ? null : one.session),
    ]);
    for (const alike of alikes) {
      const [first] = alike;
      if (first === undefined) continue;
      const { place, event } = first;
      const { lane, model } = event;
      const counterOf = isSingle(first) ? null : first.session;
      const usage = sumUsage(alike.map((one) => one.event.usage));
      this.#add({ place, lane, model, events: alike.length, usage, counterOf });
    }
  }

  /** Takes a request out that a later line states larger. */
  remove({ lane, model, usage }: KnownEvent, place: EventPlace): void {
    this.#add({ place, lane, model, events: -1, usage: negative(usage), counterOf: null });
  }

  /** Counters of a session no longer count when one of its requests is known. */
  sums(isDetailed: (session: string) => boolean): readonly IngestedGroup[] {
    const groups = new Map<string, IngestedGroup>();
    for (const { counterOf, ...group } of this.#groups.values()) {
      if (group.events === 0 || (counterOf !== null && isDetailed(counterOf))) continue;
      const key = JSON.stringify([group.place, group.lane, group.model]);
      groups.set(key, addGroups(groups.get(key), group));
    }
    return [...groups.values()];
  }

  #add(group: SessionGroup): void {
    const { place, lane, model, counterOf } = group;
    const key = JSON.stringify([place, lane, model, counterOf]);
    this.#groups.set(key, addGroups(this.#groups.get(key), group));
  }
}

/** Items that are the same by every key; a text of all keys would take longer than all the rest. */
export function groupsBy<Item>(
  items: readonly Item[],
  [key, ...others]: readonly ((item: Item) => unknown)[],
): readonly (readonly Item[])[] {
  if (key === undefined) return [items];
  return [...Map.groupBy(items, key).values()].flatMap((some) => groupsBy(some, others));
}

function addGroups<Group extends IngestedGroup>(known: Group | undefined, more: Group): Group {
  if (known === undefined) return more;
  const usage = sumUsage([known.usage, more.usage]);
  return { ...more, events: known.events + more.events, usage };
}

function negative(usage: Usage): Usage {
  const counters = USAGE_COUNTERS.flatMap((counter) => {
    const tokens = usage[counter];
    return tokens === undefined ? [] : [[counter, -tokens] as const];
  });
  return { ...Object.fromEntries(counters), requests: -usage.requests };
}
