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

/** What foreign sources said: every event counts once, in the row that states its largest output. */
export class IngestedUsage {
  readonly #rows = new Map<string, UsageIngested & Pick<Row, "id">>();
  readonly #undone = new Set<string>();
  readonly #known = new Map<string, KnownEvent>();
  readonly #totals = new Map<string, Usage>();
  #position: Position | undefined;

  constructor(ledger: LedgerReader) {
    this.catchUp(ledger);
  }

  /** Reads the rows that were added since, and says whether there were any. */
  catchUp(ledger: LedgerReader): boolean {
    const { rows, end } = this.#readNew(ledger);
    let isNew = false;
    for (const row of rows) isNew = this.#fold(row) || isNew;
    this.#position = end;
    if (this.#undone.size > 0 && isNew) this.#foldAgain();
    return isNew;
  }

  /** Whether a row would add to what is known: nobody has said it, or somebody with a smaller output. */
  isNews(origin: string, { id, usage }: IngestedEvent): boolean {
    const known = this.#known.get(keyOf(origin, id));
    return known === undefined || (usage.output ?? 0) > known.output;
  }

  /** A cumulative count as it was read last. */
  totalOf(origin: string, key: string): Usage | undefined {
    return this.#totals.get(keyOf(origin, key));
  }

  /** The rows that count, with the events that count in them. */
  *rows(): Generator<UsageIngested & Pick<Row, "id">> {
    for (const row of this.#rows.values()) {
      if (this.#undone.has(row.id)) continue;
      const events = row.events.filter(
        ({ id }) => this.#known.get(keyOf(row.origin, id))?.row === row.id,
      );
      if (events.length > 0) yield { ...row, events };
    }
  }

  /** The row with an id, if it counts. */
  find(id: string): (UsageIngested & Pick<Row, "id">) | undefined {
    return this.#undone.has(id) ? undefined : this.#rows.get(id);
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
    const ingested = UsageIngested.safeParse(row).data;
    if (ingested === undefined || this.#rows.has(row.id)) return false;
    const kept = { ...ingested, id: row.id };
    this.#rows.set(row.id, kept);
    this.#take(kept);
    return true;
  }

  #foldAgain(): void {
    this.#known.clear();
    this.#totals.clear();
    for (const row of this.#rows.values()) if (!this.#undone.has(row.id)) this.#take(row);
  }

  #take({ origin, events, totals = {}, id: row }: UsageIngested & Pick<Row, "id">): void {
    for (const event of events) {
      if (!this.isNews(origin, event)) continue;
      this.#known.set(keyOf(origin, event.id), { row, output: event.usage.output ?? 0 });
    }
    for (const [key, total] of Object.entries(totals)) this.#totals.set(keyOf(origin, key), total);
  }
}

function keyOf(origin: string, id: string): string {
  return `${origin}\u0000${id}`;
}
