import type { IngestedEvent } from "../../../ledger/domain/usage-ingested.ts";
import { type Usage, USAGE_COUNTERS } from "../../../ledger/domain/usage.ts";
import type { UsageTotal } from "../../../ledger/sources/usage-source.ts";
import type { KnownTotal } from "../../../ledger/views/ingested-usage.ts";

export interface SessionEvent {
  readonly session: string;
  readonly provider?: string | undefined;
  /** That of a report; otherwise the source's name. */
  readonly origin?: string | undefined;
  readonly event: IngestedEvent;
}

/** The readings of a file since its last rows; of an event that is repeated, the one with the largest output. */
export class HeldReadings {
  #events = new Map<string, SessionEvent>();
  #totals = new Map<string, UsageTotal>();

  get size(): number {
    return this.#events.size;
  }

  addEvent(read: SessionEvent): void {
    const { event } = read;
    const known = this.#events.get(event.id)?.event;
    if (known !== undefined && (known.usage.output ?? 0) >= (event.usage.output ?? 0)) return;
    this.#events.set(event.id, read);
  }

  /** Whether a count may be the baseline of one that is read later. */
  get hasBaselines(): boolean {
    return this.#totals.values().some(({ first }) => first !== "counts");
  }

  /** The last reading of a repeated count stays. */
  addTotal(total: UsageTotal): void {
    const { key, report = "" } = total;
    const known = this.#totals.get(`${report} ${key}`);
    if (!isOlder(total, known)) this.#totals.set(`${report} ${key}`, total);
  }

  take() {
    const taken = { events: [...this.#events.values()], totals: [...this.#totals.values()] };
    this.#events = new Map();
    this.#totals = new Map();
    return taken;
  }
}

/** null if a count has fallen: it began anew, and nobody knows what it had reached. */
export function usageGrowth(now: Usage, before: Usage): Usage | null {
  const grown: { -readonly [Key in keyof Usage]: Usage[Key] } = {
    requests: now.requests - before.requests,
  };
  for (const counter of USAGE_COUNTERS) {
    const tokens = now[counter];
    if (tokens !== undefined) grown[counter] = tokens - (before[counter] ?? 0);
  }
  return Object.values(grown).some((tokens = 0) => tokens < 0) ? null : grown;
}

/** Whether a count that only grows was read before the known one. */
export function isOlder(
  { onlyGrows, total, cost_usd = 0 }: UsageTotal,
  known: KnownTotal | undefined,
): boolean {
  if (onlyGrows !== true || known === undefined) return false;
  return usageGrowth(total, known.total) === null || cost_usd < (known.cost_usd ?? 0);
}
