import type { IngestedEvent } from "../../../ledger/domain/usage-ingested.ts";
import { USAGE_COUNTERS } from "../../../ledger/domain/usage.ts";
import type { UsageReading, UsageTotal } from "../../../ledger/sources/usage-source.ts";
import type { KnownTotal } from "../../../ledger/views/count-history.ts";
import { isMore } from "../../../ledger/views/ingested-usage.ts";
import { byCodeUnit } from "../../../reports/statistics/randomisation/code-unit-order.ts";

export interface SessionEvent {
  readonly session: string;
  readonly provider?: string | undefined;
  /** That of a report; otherwise the source's name. */
  readonly origin?: string | undefined;
  readonly event: IngestedEvent;
}

/** Whether an event is one use of a model, and no growth of a counter. */
export function isSingle({ event }: SessionEvent): boolean {
  return event.from_counter !== true;
}

/** The readings of a file since its last rows; of an event that is repeated, the one that states most. */
export class HeldReadings {
  #events = new Map<string, SessionEvent>();
  /** By count and moment. */
  #totals = new Map<string, Map<string | null, UsageTotal>>();
  /** The last reading of each count that may fall. */
  #latest = new Map<string, UsageTotal>();
  #readings = 0;

  get size(): number {
    return this.#events.size + this.#readings;
  }

  addEvent(read: SessionEvent): void {
    const { event } = read;
    const known = this.#events.get(event.id)?.event;
    if (known !== undefined && !isMore(event.usage, known.usage)) return;
    this.#events.set(event.id, read);
  }

  /** Whether a count may be the baseline of one that is read later. */
  get hasBaselines(): boolean {
    return this.#totals
      .values()
      .some((readings) => readings.values().some(({ first }) => first !== "counts"));
  }

  /** Whether a count has fallen since it was held. Counting then starts again, so the held reading has to be written first. */
  hasFallenIn(readings: readonly UsageReading[]): boolean {
    return readings.some((reading) => {
      const known = reading.kind === "total" ? this.#latest.get(nameOf(reading)) : undefined;
      return reading.kind === "total" && known !== undefined && isBelow(reading, known);
    });
  }

  /** The last reading of a count at each moment stays: what it grew by until then may belong to another window. */
  addTotal(total: UsageTotal): void {
    const { event } = total;
    const name = nameOf(total);
    const readings = this.#totals.get(name) ?? new Map<string | null, UsageTotal>();
    const known = readings.get(event.at);
    if (known === undefined) this.#readings += 1;
    if (!isOlder(total, known)) readings.set(event.at, total);
    this.#totals.set(name, readings);
    if (total.onlyGrows !== true) this.#latest.set(name, total);
  }

  /** The readings of each count in the order of their moments. */
  take() {
    const totals = [...this.#totals.values()].map((readings) =>
      [...readings.values()].toSorted(byMoment),
    );
    const taken = { events: [...this.#events.values()], totals };
    this.#events = new Map();
    this.#totals = new Map();
    this.#latest = new Map();
    this.#readings = 0;
    return taken;
  }
}

function nameOf({ key, report = "" }: UsageTotal): string {
  return `${report} ${key}`;
}

function byMoment(left: UsageTotal, right: UsageTotal): number {
  return byCodeUnit(left.event.at ?? "", right.event.at ?? "");
}

/** Whether a count that only grows was read before the known one. */
function isOlder(reading: UsageTotal, known: KnownTotal | undefined): boolean {
  return reading.onlyGrows === true && known !== undefined && isBelow(reading, known);
}

/** Whether a reading states less than another one, of some class or in dollars. */
function isBelow({ total, cost_usd = 0 }: KnownTotal, other: KnownTotal): boolean {
  const isLess = USAGE_COUNTERS.some((name) => (total[name] ?? 0) < (other.total[name] ?? 0));
  return isLess || cost_usd < (other.cost_usd ?? 0);
}
