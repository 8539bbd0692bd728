import { BAD_USAGE } from "../../../ledger/domain/anomaly.ts";
import type { IngestedEvent } from "../../../ledger/domain/usage-ingested.ts";
import { sumUsage, type Usage, USAGE_COUNTERS } from "../../../ledger/domain/usage.ts";
import { otlp } from "../../../ledger/sources/otlp/parse.ts";
import type { UsageReading, UsageTotal } from "../../../ledger/sources/usage-source.ts";

/** Far more requests than a window has. What an agent sends beyond is only counted. */
const READINGS_MAX = 100_000;

const CONTEXT = {
  file: "otlp",
  readAt: "1970-01-01T00:00:00.000Z",
  provider: otlp.provider,
  timeZone: "UTC",
};

interface SessionEvent {
  readonly session: string;
  readonly event: IngestedEvent;
}

/** What the agent of one attempt sends by OpenTelemetry. An export that comes twice counts once. */
export class TelemetryTally {
  readonly #reader = otlp.open(CONTEXT);
  readonly #events = new Map<string, SessionEvent>();
  readonly #totals = new Map<string, UsageTotal>();
  readonly #readingsMax: number;
  #leftOut = 0;
  #usageFault: string | undefined;

  constructor(readingsMax = READINGS_MAX) {
    this.#readingsMax = readingsMax;
  }

  /** Readings that found no room. */
  leftOut(): number {
    return this.#leftOut;
  }

  /** Why the first counts of those that can't be right can't be; undefined if there were none. */
  usageFault(): string | undefined {
    return this.#usageFault;
  }

  /** Takes an export, as one line of JSON. */
  take(line: string): void {
    // Exports of an agent hold much else: decoding a line costs more than looking for a word.
    if (otlp.marks?.some((mark) => line.includes(mark)) === false) return;
    for (const reading of this.#reader.line(line, 1)) {
      if (this.#events.size + this.#totals.size < this.#readingsMax) this.#keep(reading);
      else if (reading.kind !== "problem") this.#leftOut += 1;
    }
  }

  /** null if nothing with tokens has come. The counters of a session count only without its requests. */
  read(): Usage | null {
    const events = [...this.#events.values()];
    const single = events.filter(({ event }) => event.from_counter !== true);
    const detailed = new Set(single.map(({ session }) => session));
    const counted = [
      ...single,
      ...events.filter(
        ({ session, event }) => event.from_counter === true && !detailed.has(session),
      ),
    ].map(({ event }) => event.usage);
    const totals = [...this.#totals.values()].filter(({ session }) => !detailed.has(session));
    const usages = [...counted, ...totals.map(({ total }) => total)];
    return usages.length === 0 ? null : sumUsage(usages);
  }

  #keep(reading: UsageReading): void {
    if (reading.kind === "problem" && reading.reason === BAD_USAGE) {
      this.#usageFault ??= reading.text;
    }
    if (reading.kind === "event") {
      const { session, event } = reading;
      this.#events.set(event.id, { session, event });
    }
    // The window's agent is new, so that its counters began at 0.
    if (reading.kind === "total" && this.#isLarger(reading)) {
      this.#totals.set(reading.key, reading);
    }
  }

  #isLarger({ key, total }: UsageTotal): boolean {
    const known = this.#totals.get(key)?.total;
    return known === undefined || sizeOf(total) > sizeOf(known);
  }
}

/** A counter's point has one class. */
function sizeOf(usage: Usage): number {
  return Math.max(0, ...USAGE_COUNTERS.map((counter) => usage[counter] ?? 0));
}
