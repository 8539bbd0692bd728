import { MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import type { IngestedEvent, UsageIngested } from "../../../ledger/domain/usage-ingested.ts";
import { readLines } from "../../../ledger/sources/read-lines.ts";
import { readingsOf } from "../../../ledger/sources/readings-of.ts";
import {
  problem,
  type ReadContext,
  type UsageProblem,
  type UsageReading,
  type UsageSource,
  type UsageTotal,
} from "../../../ledger/sources/usage-source.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import type { CountedGrowth, CountHistory } from "../../../ledger/views/count-history.ts";
import { IngestedUsage, isMore, type KnownEvent } from "../../../ledger/views/ingested-usage.ts";
import { rowKey } from "../windows/manual-window.ts";
import { WindowBusyError } from "../windows/tracker-errors.ts";
import { rememberRows, type Tracker, tryAgain } from "../windows/tracker.ts";
import { CountedGroups, groupsBy, type IngestedGroup, type PlacedEvent } from "./counted-groups.ts";
import { HeldReadings, isSingle, type SessionEvent } from "./held-readings.ts";
import type { EventPlace, PlaceEvent } from "./place-events.ts";
import { BadUsageRecorder } from "./record-bad-usage.ts";

/** One file, or stdin. */
export interface IngestInput {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A problem, and the file that has it. */
export interface FileProblem extends UsageProblem {
  readonly file: string;
}

/** What an ingest has read and written. */
export interface IngestResult {
  readonly files: number;
  /** Events and counts that were understood, new or not. */
  readonly understood: number;
  /** Events that were read, each once. */
  readonly events: number;
  /** Events that were written. */
  readonly written: number;
  readonly rows: readonly string[];
  readonly groups: readonly IngestedGroup[];
  /** By reason: how many, and the first ones. */
  readonly problems: ReadonlyMap<string, { readonly count: number; readonly first: FileProblem }>;
  /** By rows that were there before: the events they have, and the place of the first one today. */
  readonly there: ReadonlyMap<string, EventsThere>;
}

interface EventsThere {
  readonly events: number;
  readonly place: EventPlace;
}

interface IngestParts {
  readonly tracker: Tracker;
  readonly source: UsageSource;
  readonly provider: string;
  readonly place: PlaceEvent;
  /** What has no room in so many rows is left out; absent: every row is written. */
  readonly rowsMax?: number;
}

/** Events are held until so many are there, so that memory stays bounded. */
const HELD_MAX = 20_000;
/** A row of so many events stays well below the largest row. */
const EVENTS_A_ROW = 1_500;

/** The reason of a count that fell. None of it is lost. */
export const TOTAL_FELL = "total-fell";

/** Reads foreign files into the ledger. Events that are there already are not written again. */
export class UsageIngest {
  readonly #parts: IngestParts;
  readonly #usage: IngestedUsage;
  readonly #problems = new Map<string, { count: number; first: FileProblem }>();
  readonly #groups = new CountedGroups();
  /** The place of each row that was written. */
  readonly #places = new Map<string, EventPlace>();
  readonly #there = new Map<string, EventsThere>();
  readonly #rows: string[] = [];
  readonly #held = new HeldReadings();
  readonly #bad: BadUsageRecorder;
  readonly #counts = { files: 0, understood: 0, events: 0, written: 0 };
  #isOverfull = false;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#usage = new IngestedUsage(parts.tracker.store);
    this.#bad = new BadUsageRecorder(parts);
  }

  /** Whether something has found no room. */
  get isOverfull(): boolean {
    return this.#isOverfull;
  }

  get #room(): number {
    return (this.#parts.rowsMax ?? Infinity) - this.#rows.length;
  }

  get result(): IngestResult {
    return {
      ...this.#counts,
      rows: this.#rows,
      groups: this.#groups.sums((session) =>
        this.#usage.isDetailed(this.#parts.source.name, session),
      ),
      problems: this.#problems,
      there: this.#there,
    };
  }

  /** Reads one file to its end. `finish` writes what is new in it. */
  async read({ name, chunks }: IngestInput, readAt: string): Promise<void> {
    const { source, provider } = this.#parts;
    const context: ReadContext = { file: name, readAt, provider };
    const reader = source.open(context);
    const held = this.#held;
    this.#counts.files += 1;
    for await (const lines of readLines(chunks, source)) {
      for (const line of lines) {
        const readings = readingsOf(line, reader);
        if (held.hasFallenIn(readings)) await this.finish();
        this.#hold(name, held, readings);
      }
      if (held.size >= HELD_MAX) await this.finish();
    }
    this.#hold(name, held, reader.end());
    // The next file may have the same counts, read later.
    if (held.hasBaselines) await this.finish();
  }

  #hold(file: string, held: HeldReadings, readings: readonly UsageReading[]): void {
    for (const reading of readings) {
      if (reading.kind !== "problem") this.#counts.understood += 1;
      if (reading.kind === "problem") this.#note(file, reading);
      else if (reading.kind === "total") held.addTotal(reading);
      else held.addEvent(reading);
    }
  }

  #note(file: string, found: UsageProblem): void {
    this.#bad.note(file, found);
    const known = this.#problems.get(found.reason);
    if (known === undefined)
      this.#problems.set(found.reason, { count: 1, first: { ...found, file } });
    else known.count += 1;
  }

  /** Writes what is new in the files that were read. */
  async finish(): Promise<void> {
    const { store, folder, agent } = this.#parts.tracker;
    const { events, totals } = this.#held.take();
    await this.#bad.record();
    if (events.length === 0 && totals.length === 0) return;
    const { planned, rows } = await tryAgain(async () => {
      const plan = this.#plan(events, totals);
      const unless = (ledger: LedgerReader) =>
        this.#usage.catchUp(ledger)
          ? new WindowBusyError("usage.jsonl: other processes keep writing there. Try again.")
          : undefined;
      const news = plan.rows.map(({ row }) => row);
      const appended = await store.append("usage", news, { unless, isBrief: true });
      return { planned: plan, rows: appended };
    });
    const written = planned.rows.map(({ row }) => row);
    this.#usage.add(written, rows, store);
    const ids = rows.map(({ id }) => id);
    rememberRows(folder, agent, ids);
    this.#rows.push(...ids);
    this.#counts.events += planned.events;
    this.#counts.written += planned.news.length;
    this.#groups.add(planned.news);
    for (const known of planned.outdone) this.#uncount(known);
    for (const known of planned.there) this.#noteThere(known);
    for (const [index, { id }] of rows.entries()) {
      const place = planned.rows[index]?.place;
      if (place !== undefined) this.#places.set(id, place);
    }
  }

  #noteThere({ row, place }: EventThere): void {
    if (this.#places.has(row)) return;
    const known = this.#there.get(row);
    this.#there.set(row, { place, ...known, events: (known?.events ?? 0) + 1 });
  }

  /** A request that this ingest has written before counts by its larger line alone. */
  #uncount(known: KnownEvent): void {
    const place = this.#places.get(known.row);
    if (place === undefined) return;
    this.#counts.written -= 1;
    this.#groups.remove(known, place);
  }

  #plan(events: readonly SessionEvent[], counts: readonly (readonly UsageTotal[])[]) {
    const { source, place } = this.#parts;
    const growths = counts.flatMap((readings) => this.#growthsOf(readings));
    const grown = growths.flatMap(({ event }) => event ?? []);
    const read = [...events, ...grown];
    const detailed = new Set(read.filter(isSingle).map(({ session }) => session));
    const isDetailed = (session: string) =>
      detailed.has(session) || this.#usage.isDetailed(source.name, session);
    const counting = read.filter((one) => isSingle(one) || !isDetailed(one.session));
    const news: PlacedEvent[] = [];
    const outdone: KnownEvent[] = [];
    const there: EventThere[] = [];
    for (const one of counting) {
      const { event, origin = source.name, provider } = one;
      const known = this.#usage.known(origin, event.id);
      if (known !== undefined && !isMore(event.usage, known.usage)) {
        there.push({ row: known.row, place: place(event.at, provider) });
        continue;
      }
      if (known !== undefined && isSingle(one)) outdone.push(known);
      news.push({ ...one, place: place(event.at, provider) });
    }
    const all = this.#rowsOf(news, growths);
    const rows = all.slice(0, this.#room);
    this.#isOverfull ||= rows.length < all.length;
    return { rows, news: eventsIn(rows, news), outdone, there, events: counting.length };
  }

  /**
   * The growth of a count by its readings. Those that follow each other in one window are one, but for the first one of a
   * count that may begin with it.
   */
  #growthsOf(readings: readonly UsageTotal[]): readonly CountGrowth[] {
    const { place } = this.#parts;
    const placeOf = ({ event, provider }: UsageTotal) => place(event.at, provider);
    const growths: CountGrowth[] = [];
    let history: CountHistory | undefined;
    for (const [index, reading] of readings.entries()) {
      const next = readings[index + 1];
      const mayBegin = index === 0 && reading.first !== "counts";
      if (!mayBegin && next !== undefined && placeOf(next) === placeOf(reading)) continue;
      history ??= this.#usage.historyOf(this.#originOf(reading), reading.key).copy();
      growths.push(...this.#growthOf(reading, history));
    }
    return growths;
  }

  /** What a reading of a cumulative count adds to those before it. */
  #growthOf(reading: UsageTotal, history: CountHistory): readonly CountGrowth[] {
    const wasRead = history.wasRead(reading);
    const said = history.take(reading, {
      beganAtZero: this.#beganAtZero(reading, history),
      onlyGrows: reading.onlyGrows === true,
    });
    if (said.kind === "nothing") return [];
    const hasFallen = said.kind === "fell";
    if (hasFallen) this.#noteFall(reading);
    const event = said.kind === "growth" ? this.#grownBy(reading, said) : undefined;
    return [{ total: reading, event, wasRead, hasFallen }];
  }

  #grownBy(
    reading: UsageTotal,
    { id, growth }: { readonly id: string; readonly growth: CountedGrowth },
  ): SessionEvent {
    const { session, provider, event } = reading;
    const grown = { ...event, id, ...growth };
    return { session, provider, origin: this.#originOf(reading), event: grown };
  }

  #beganAtZero(reading: UsageTotal, history: CountHistory): boolean {
    const { first, key } = reading;
    if (first !== "later-counts") return first === "counts";
    return !history.hadBaseline && this.#usage.isLaterPeriod(this.#originOf(reading), key);
  }

  #originOf({ report }: Pick<UsageTotal, "report">): string {
    const { name } = this.#parts.source;
    return report === undefined ? name : `${name}-${report}`;
  }

  #noteFall({ session, key }: UsageTotal): void {
    const text = `Expected ${key} to grow, and it has fallen. It counts from here on.`;
    this.#note(session, problem(1, TOTAL_FELL, text));
  }

  #rowsOf(news: readonly PlacedEvent[], growths: readonly CountGrowth[]): readonly PlannedRow[] {
    const placed = groupsBy(news, [
      ({ session }) => session,
      ({ origin }) => origin,
      ({ place }) => place,
      ({ provider }) => provider,
    ]);
    // The row that counts a growth has the count itself too, so that both are undone together.
    const counts = new Map(growths.map((one) => [one.event?.event.id ?? one, one] as const));
    const rows = placed.flatMap((all) =>
      chunksOf(all, EVENTS_A_ROW).flatMap((some) => {
        const [first] = some;
        if (first === undefined) return [];
        const own = some.flatMap(({ event }) => counts.get(event.id) ?? []);
        for (const { event } of some) counts.delete(event.id);
        const events = some.map(({ event }) => event);
        return [{ row: this.#rowOf(first, events, own), place: first.place }];
      }),
    );
    const others = [...counts.values()].filter(({ wasRead }) => !wasRead);
    const baselines = Map.groupBy(others, ({ total }) =>
      JSON.stringify([total.session, this.#originOf(total)]),
    );
    // A count that fell starts again before it grows.
    return [...[...baselines.values()].flatMap((some) => this.#baselineOf(some)), ...rows];
  }

  #baselineOf(some: readonly CountGrowth[]): readonly PlannedRow[] {
    const [first] = some;
    if (first === undefined) return [];
    const { total } = first;
    const place = { key: null, reason: "no-window" } as const;
    const session = { session: total.session, origin: this.#originOf(total), place };
    return [{ row: this.#rowOf(session, [], some), place }];
  }

  #rowOf(
    { session, origin, place, provider: own }: PlacedSession,
    events: readonly IngestedEvent[],
    counts: readonly CountGrowth[],
  ): NewUsage {
    const totals = counts.map(({ total }) => total);
    const restarted = counts.flatMap(({ hasFallen, total }) => (hasFallen ? [total.key] : []));
    const { source, provider, tracker } = this.#parts;
    const { window_agent, window, attempt } = place.key === null ? NO_WINDOW : rowKey(place.key);
    const row: UsageIngested = {
      record: "usage_ingested",
      experiment_id: MANUAL_EXPERIMENT,
      origin: origin ?? source.name,
      parser_version: source.version,
      session,
      window,
      attempt,
      provider: place.key?.provider ?? own ?? provider,
      ...(window_agent === undefined ? {} : { window_agent }),
      reason: place.key === null ? place.reason : null,
      events,
      ...(totals.length === 0
        ? {}
        : { totals: Object.fromEntries(totals.map(({ key, total }) => [key, total])) }),
      ...(restarted.length === 0 ? {} : { restarted }),
      ...costsOf(totals),
    };
    const by = tracker.source === "automation" ? tracker.source : "ingest";
    return { ...row, source: by, agent_id: tracker.agent };
  }
}

type NewUsage = NewRow & UsageIngested;

/** An event that a row has already, and its place today. */
interface EventThere {
  readonly row: string;
  readonly place: EventPlace;
}

interface PlannedRow {
  readonly row: NewUsage;
  readonly place: EventPlace;
}

/** What a reading of a count says. */
interface CountGrowth {
  readonly total: UsageTotal;
  readonly event: SessionEvent | undefined;
  /** Whether a row has this reading already. */
  readonly wasRead: boolean;
  readonly hasFallen: boolean;
}

const NO_WINDOW = { window: null, attempt: null, window_agent: undefined };

/** The place of a session's events, and the provider that the source names. */
type PlacedSession = Omit<PlacedEvent, "event">;

function costsOf(totals: readonly UsageTotal[]) {
  const costs = totals.flatMap(({ key, cost_usd }) =>
    cost_usd === undefined ? [] : [[key, cost_usd] as const],
  );
  return costs.length === 0 ? {} : { total_costs: Object.fromEntries(costs) };
}

/** The events that have a place in the rows. */
function eventsIn(rows: readonly PlannedRow[], news: readonly PlacedEvent[]) {
  const written = new Set(rows.flatMap(({ row }) => row.events));
  return news.filter(({ event }) => written.has(event));
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const chunks: Item[][] = [];
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size));
  return chunks;
}
