import { canonicalSha256 } from "../domain/canonical-sha256.ts";
import { RowUndone } from "../domain/row-undone.ts";
import type { Row } from "../domain/row.ts";
import { epochMsOf } from "../domain/timestamp.ts";
import { type IngestedEvent, UsageIngested } from "../domain/usage-ingested.ts";
import { NO_USAGE, type Usage, USAGE_COUNTERS } from "../domain/usage.ts";
import { PositionLostError } from "../store/store-errors.ts";
import type { LedgerReader, Position } from "../store/store.ts";

/** The row that an event counts in, and its usage, by which a later row may exceed it. */
interface KnownEvent {
  readonly row: string;
  readonly usage: Usage;
}

const FILE = "usage";

/** A cumulative count as it was read last. */
export interface KnownTotal {
  readonly total: Usage;
  readonly cost_usd?: number;
}

/** A stretch of a cumulative count that a row counts. */
interface Growth {
  readonly from: Usage;
  readonly to: Usage;
}

/** A row of usage with its id. */
export type IngestedRow = UsageIngested & Pick<Row, "id">;

/** What foreign sources said: every event counts once, in the row that states its largest output. */
export class IngestedUsage {
  readonly #seen = new Set<string>();
  readonly #undone = new Set<string>();
  /** By source and id: a text of both for each event would take longer than the rest. */
  readonly #known = new Map<string, Map<string, KnownEvent>>();
  readonly #totals = new Map<string, KnownTotal>();
  /** What counts have grown by, as rows that count say it: the total, and the total that it grew from. */
  readonly #growths = new Map<string, Growth[]>();
  /** The same of rows that were undone; null for a reading that nothing was counted of. */
  readonly #undoneGrowths = new Map<string, IngestedEvent | null>();
  /** Every reading of a count, so that an older one that comes again is known. */
  readonly #readings = new Set<string>();
  /** The latest period of each series of counts. */
  readonly #latest = new Map<string, string>();
  /** Sessions of which single requests are known. */
  readonly #detailed = new Set<string>();
  #position: Position | undefined;

  constructor(ledger: LedgerReader) {
    this.catchUp(ledger);
  }

  /** Reads the rows that were added since, and says whether there were any. */
  catchUp(ledger: LedgerReader): boolean {
    const undone = this.#undone.size;
    const { rows, end } = this.#readNew(ledger);
    let isNew = false;
    for (const row of rows) isNew = this.#fold(row) || isNew;
    this.#position = end;
    // What an undone row had said may be said by another one.
    if (this.#undone.size > undone) this.#foldAgain(ledger);
    return isNew;
  }

  /** Folds rows of usage as they were just appended. It reads them only if the chain has others beside them. */
  add(said: readonly UsageIngested[], appended: readonly Row[], ledger: LedgerReader): void {
    const { end } = this.#readNew(ledger);
    const isChain = appended[0]?.prev === this.#position?.h && appended.at(-1)?.h === end.h;
    if (!isChain) {
      this.catchUp(ledger);
      return;
    }
    for (const [index, { id }] of appended.entries()) {
      const row = said[index];
      if (row === undefined) continue;
      this.#seen.add(id);
      this.#take({ ...row, id });
    }
    this.#position = end;
  }

  /** Whether a row would add to what is known: nobody has said it, or somebody with less. */
  isNews(origin: string, { id, usage }: IngestedEvent): boolean {
    const known = this.#known.get(origin)?.get(id);
    return known === undefined || isMore(usage, known.usage);
  }

  /** Whether single requests of a session are known, so that its counters count no longer. */
  isDetailed(origin: string, session: string): boolean {
    return this.#detailed.has(keyOf(origin, session));
  }

  /** A cumulative count as it was read last. */
  totalOf(origin: string, key: string): KnownTotal | undefined {
    return this.#totals.get(keyOf(origin, key));
  }

  /** Whether a count was read with these figures before, and maybe has grown since. */
  wasRead(origin: string, key: string, counted: KnownTotal): boolean {
    return this.#readings.has(readingOf(origin, key, counted));
  }

  /** Whether a count of a period began after all that its series has: then it began at zero. */
  isLaterPeriod(origin: string, key: string): boolean {
    const latest = this.#latest.get(keyOf(origin, seriesOf(key)));
    return latest !== undefined && isLater(key, latest);
  }

  /**
   * What an older reading of a count had counted before its row was undone, if no later row counts it now: null for
   * nothing, undefined if the reading is none of an undone row.
   */
  undoneGrowth(
    origin: string,
    key: string,
    counted: KnownTotal,
  ): Pick<IngestedEvent, "usage" | "cost_usd"> | null | undefined {
    const growth = this.#undoneGrowths.get(readingOf(origin, key, counted));
    const later = this.#growths.get(keyOf(origin, key)) ?? [];
    const isCovered = later.some(
      ({ from, to }) =>
        usageGrowth(to, counted.total) !== null && usageGrowth(from, counted.total) === null,
    );
    return growth !== undefined && isCovered ? null : growth;
  }

  /** The rows that count, with the events that count in them. */
  *rows(ledger: LedgerReader): Generator<IngestedRow> {
    for (const row of this.standing(ledger)) if (row.events.length > 0) yield row;
  }

  /** The rows that were not undone, with the events that count in them; there are none in a baseline. */
  *standing(ledger: LedgerReader): Generator<IngestedRow> {
    for (const row of ledger.read(FILE)) {
      const said = this.#undone.has(row.id) ? undefined : readIngested(row);
      if (said === undefined) continue;
      const isCounted = ({ id, from_counter }: IngestedEvent) =>
        this.#known.get(said.origin)?.get(id)?.row === row.id &&
        !(from_counter === true && this.isDetailed(said.origin, said.session));
      yield { ...said, events: said.events.filter(isCounted) };
    }
  }

  #readNew(ledger: LedgerReader) {
    try {
      return ledger.readFrom(FILE, this.#position);
    } catch (error) {
      // A second reading of the same row changes nothing.
      if (error instanceof PositionLostError) return ledger.readFrom(FILE);
      throw error;
    }
  }

  #fold(row: Row): boolean {
    const tombstone = RowUndone.safeParse(row).data;
    if (tombstone !== undefined) {
      const isNew = !this.#undone.has(tombstone.undoes);
      this.#undone.add(tombstone.undoes);
      return isNew;
    }
    const ingested = this.#seen.has(row.id) ? undefined : readIngested(row);
    if (ingested === undefined) return false;
    this.#seen.add(row.id);
    this.#take(ingested);
    return true;
  }

  #foldAgain(ledger: LedgerReader): void {
    this.#known.clear();
    this.#totals.clear();
    this.#readings.clear();
    this.#latest.clear();
    this.#detailed.clear();
    this.#growths.clear();
    this.#undoneGrowths.clear();
    for (const row of ledger.read(FILE)) {
      const ingested = readIngested(row);
      if (ingested === undefined) continue;
      if (this.#undone.has(row.id)) this.#takeUndone(ingested);
      else this.#take(ingested);
    }
  }

  #takeUndone(row: IngestedRow): void {
    for (const [key, counted] of Object.entries(countsIn(row))) {
      const growth = growthIn(row, key, counted) ?? null;
      this.#undoneGrowths.set(readingOf(row.origin, key, counted), growth);
    }
  }

  #take(ingested: IngestedRow): void {
    const { origin, session, events, id: row } = ingested;
    if (events.some(({ from_counter }) => from_counter !== true)) {
      this.#detailed.add(keyOf(origin, session));
    }
    const known = this.#known.get(origin) ?? new Map<string, KnownEvent>();
    this.#known.set(origin, known);
    for (const { id, usage } of events) {
      const before = known.get(id);
      if (before === undefined || isMore(usage, before.usage)) known.set(id, { row, usage });
    }
    this.#takeCounts(ingested);
  }

  #takeCounts(ingested: IngestedRow): void {
    const { origin } = ingested;
    for (const [key, counted] of Object.entries(countsIn(ingested))) {
      this.#totals.set(keyOf(origin, key), counted);
      this.#readings.add(readingOf(origin, key, counted));
      const { usage = NO_USAGE } = growthIn(ingested, key, counted) ?? {};
      const from = usageGrowth(counted.total, usage);
      const growths = this.#growths.get(keyOf(origin, key)) ?? [];
      growths.push({ from: from ?? counted.total, to: counted.total });
      this.#growths.set(keyOf(origin, key), growths);
      const series = keyOf(origin, seriesOf(key));
      const latest = this.#latest.get(series);
      if (latest === undefined || periodOf(key) > periodOf(latest)) this.#latest.set(series, key);
    }
  }
}

/** undefined for rows of another record, and for those that break their schema. */
function readIngested(row: Row): IngestedRow | undefined {
  const ingested = UsageIngested.safeParse(row).data;
  return ingested && { ...ingested, id: row.id };
}

/** Whether a usage states more of the same event: a larger output, or the same with more of the rest. */
export function isMore(usage: Usage, known: Usage): boolean {
  const [own, other] = [usage, known].map(({ output = 0 }) => output);
  if (own !== other) return (own ?? 0) > (other ?? 0);
  return tokensOf(usage) > tokensOf(known);
}

function tokensOf(usage: Usage): number {
  return (
    (usage.input_uncached ?? 0) +
    (usage.cache_read ?? 0) +
    (usage.cache_write_5m ?? 0) +
    (usage.cache_write_1h ?? 0)
  );
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

const ID_CHARS = 32;

/** The id of the event that a reading of a count gives: the same reading again is the same event. */
export function growthId(key: string, { total, cost_usd }: KnownTotal): string {
  const content = cost_usd === undefined ? total : { total, cost_usd };
  return `${key}@${canonicalSha256(content).slice(0, ID_CHARS)}`;
}

function readingOf(origin: string, key: string, counted: KnownTotal): string {
  return keyOf(origin, canonicalSha256([key, counted]));
}

/** The counts of a row, each with its cost. */
function countsIn({
  totals = {},
  total_costs,
}: UsageIngested): Readonly<Record<string, KnownTotal>> {
  return Object.fromEntries(
    Object.entries(totals).map(([key, total]) => {
      const cost = total_costs?.[key];
      return [key, { total, ...(cost === undefined ? {} : { cost_usd: cost }) }] as const;
    }),
  );
}

/** What a row counts of a count's growth; undefined if it counts none. */
function growthIn({ events }: UsageIngested, key: string, counted: KnownTotal) {
  const id = growthId(key, counted);
  return events.find((event) => event.id === id);
}

/** The series that a key's period belongs to: the days of all projects are one. */
function seriesOf(key: string): string {
  const series = key.slice(0, key.lastIndexOf(" ") + 1);
  return series.replace(/^(?<provider>\S+) project .*$/u, "$<provider> project ");
}

function periodOf(key: string): string {
  return key.slice(key.lastIndexOf(" ") + 1);
}

const WEEKLY = /^\S+ weekly /u;
const WEEK_MS = 7 * 86_400_000;

/** Weeks that begin on another day than those known hold days that are known already. */
function isLater(key: string, latest: string): boolean {
  const [own, last] = [periodOf(key), periodOf(latest)];
  if (own <= last) return false;
  return !WEEKLY.test(key) || (epochMsOf(own) - epochMsOf(last)) % WEEK_MS === 0;
}

function keyOf(origin: string, id: string): string {
  return `${origin}\u0000${id}`;
}
