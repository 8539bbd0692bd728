import { canonicalSha256 } from "../domain/canonical-sha256.ts";
import { RowUndone } from "../domain/row-undone.ts";
import type { Row } from "../domain/row.ts";
import { type IngestedEvent, UsageIngested } from "../domain/usage-ingested.ts";
import type { Usage } from "../domain/usage.ts";
import { PositionLostError } from "../store/store-errors.ts";
import type { LedgerReader, Position } from "../store/store.ts";

/** The row that an event counts in, and its output, by which a later row may exceed it. */
interface KnownEvent {
  readonly row: string;
  readonly output: number;
}

const FILE = "usage";

/** A cumulative count as it was read last. */
export interface KnownTotal {
  readonly total: Usage;
  readonly cost_usd?: number;
}

/** A row of usage with its id. */
export type IngestedRow = UsageIngested & Pick<Row, "id">;

/** What foreign sources said: every event counts once, in the row that states its largest output. */
export class IngestedUsage {
  readonly #seen = new Set<string>();
  readonly #undone = new Set<string>();
  readonly #known = new Map<string, KnownEvent>();
  readonly #totals = new Map<string, KnownTotal>();
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

  /** Whether a row would add to what is known: nobody has said it, or somebody with a smaller output. */
  isNews(origin: string, { id, usage }: IngestedEvent): boolean {
    const known = this.#known.get(keyOf(origin, id));
    return known === undefined || (usage.output ?? 0) > known.output;
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

  /** The key of the latest period that was read, among those that differ from a key in their last word only. */
  latestOf(origin: string, key: string): string | undefined {
    return this.#latest.get(keyOf(origin, seriesOf(key)));
  }

  /** The rows that count, with the events that count in them. */
  *rows(ledger: LedgerReader): Generator<IngestedRow> {
    for (const row of ledger.read(FILE)) {
      const said = this.#undone.has(row.id) ? undefined : readIngested(row);
      const isCounted = ({ id, from_counter }: IngestedEvent) =>
        said !== undefined &&
        this.#known.get(keyOf(said.origin, id))?.row === row.id &&
        !(from_counter === true && this.isDetailed(said.origin, said.session));
      const events = said?.events.filter(isCounted) ?? [];
      if (said !== undefined && events.length > 0) yield { ...said, events };
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
    for (const row of ledger.read(FILE)) {
      const ingested = this.#undone.has(row.id) ? undefined : readIngested(row);
      if (ingested !== undefined) this.#take(ingested);
    }
  }

  #take({ origin, session, events, totals = {}, total_costs, id: row }: IngestedRow): void {
    if (events.some(({ from_counter }) => from_counter !== true)) {
      this.#detailed.add(keyOf(origin, session));
    }
    for (const event of events) {
      if (!this.isNews(origin, event)) continue;
      this.#known.set(keyOf(origin, event.id), { row, output: event.usage.output ?? 0 });
    }
    for (const [key, total] of Object.entries(totals)) {
      const cost = total_costs?.[key];
      const known = { total, ...(cost === undefined ? {} : { cost_usd: cost }) };
      this.#totals.set(keyOf(origin, key), known);
      this.#readings.add(readingOf(origin, key, known));
      const series = keyOf(origin, seriesOf(key));
      const latest = this.#latest.get(series);
      if (latest === undefined || key > latest) this.#latest.set(series, key);
    }
  }
}

/** undefined for rows of another record, and for those that break their schema. */
function readIngested(row: Row): IngestedRow | undefined {
  const ingested = UsageIngested.safeParse(row).data;
  return ingested && { ...ingested, id: row.id };
}

function readingOf(origin: string, key: string, counted: KnownTotal): string {
  return keyOf(origin, canonicalSha256([key, counted]));
}

function seriesOf(key: string): string {
  return key.slice(0, key.lastIndexOf(" ") + 1);
}

function keyOf(origin: string, id: string): string {
  return `${origin}\u0000${id}`;
}
