import type { IngestedEvent } from "../../../ledger/domain/usage-ingested.ts";
import type { UsageTotal } from "../../../ledger/sources/usage-source.ts";
import { isMore, type KnownTotal, usageGrowth } from "../../../ledger/views/ingested-usage.ts";

export interface SessionEvent {
  readonly session: string;
  readonly provider?: string | undefined;
  /** That of a report; otherwise the source's name. */
  readonly origin?: string | undefined;
  readonly event: IngestedEvent;
}

/** The readings of a file since its last rows; of an event that is repeated, the one that states most. */
export class HeldReadings {
  #events = new Map<string, SessionEvent>();
  #totals = new Map<string, UsageTotal[]>();
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
      .some((readings) => readings.some(({ first }) => first !== "counts"));
  }

  /** The last reading of a count at a moment stays: what it grew by until then may belong to another window. */
  addTotal(total: UsageTotal): void {
    const { key, report = "", event } = total;
    const name = `${report} ${key}`;
    const readings = this.#totals.get(name) ?? [];
    const last = readings.at(-1);
    if (isOlder(total, last)) return;
    if (last !== undefined && last.event.at === event.at) readings.pop();
    else this.#readings += 1;
    readings.push(total);
    this.#totals.set(name, readings);
  }

  /** The readings of each count in their order. */
  take() {
    const taken = { events: [...this.#events.values()], totals: [...this.#totals.values()] };
    this.#events = new Map();
    this.#totals = new Map();
    this.#readings = 0;
    return taken;
  }
}

/** Whether a count that only grows was read before the known one. */
export function isOlder(
  { onlyGrows, total, cost_usd = 0 }: UsageTotal,
  known: KnownTotal | undefined,
): boolean {
  if (onlyGrows !== true || known === undefined) return false;
  return usageGrowth(total, known.total) === null || cost_usd < (known.cost_usd ?? 0);
}
