import { RowUndone } from "../domain/row-undone.ts";
import type { Row } from "../domain/row.ts";
import { epochMsOf } from "../domain/timestamp.ts";
import { tokensIn } from "../domain/token-basis.ts";
import { type IngestedEvent, UsageIngested } from "../domain/usage-ingested.ts";
import type { Usage } from "../domain/usage.ts";
import { readSince } from "../store/read-since.ts";
import type { LedgerReader, Position } from "../store/store.ts";
import { CountHistory, countOfEvent, type KnownTotal } from "./count-history.ts";

/** An event, and the row that it counts in until a later one states more. */
export interface KnownEvent extends Pick<IngestedEvent, "lane" | "model" | "usage"> {
  readonly row: string;
}

const FILE = "usage";

/** A row of usage with the fields of its envelope that matter here. */
export type IngestedRow = UsageIngested & Pick<Row, "id" | "recorded_at" | "source">;

/** What foreign sources said: every event counts once, in the row that states its largest output. */
export class IngestedUsage {
  readonly #seen = new Set<string>();
  readonly #undone = new Set<string>();
  /** By source and id: a text of both for each event would take longer than the rest. */
  readonly #known = new Map<string, Map<string, KnownEvent>>();
  readonly #counts = new Map<string, CountHistory>();
  /** The latest period of each series of counts. */
  readonly #latest = new Map<string, string>();
  /** Sessions whose single requests are known. */
  readonly #detailed = new Set<string>();
  #position: Position | undefined;

  constructor(ledger: LedgerReader) {
    this.catchUp(ledger);
  }

  /** Reads the rows that were added since, and says whether there were any. */
  catchUp(ledger: LedgerReader): boolean {
    const undone = this.#undone.size;
    const { rows, end } = readSince(ledger, FILE, this.#position);
    let isNew = false;
    for (const row of rows) isNew = this.#fold(row) || isNew;
    this.#position = end;
    // What an undone row had said may be said by another one.
    if (this.#undone.size > undone) this.#foldAgain(ledger);
    return isNew;
  }

  /** Folds rows of usage that were just appended. It reads them only if the chain has other rows, too. */
  add(said: readonly UsageIngested[], appended: readonly Row[], ledger: LedgerReader): void {
    const { end } = readSince(ledger, FILE, this.#position);
    const isChain = appended[0]?.prev === this.#position?.h && appended.at(-1)?.h === end.h;
    if (!isChain) {
      this.catchUp(ledger);
      return;
    }
    for (const [index, envelope] of appended.entries()) {
      const row = said[index];
      if (row === undefined) continue;
      this.#seen.add(envelope.id);
      this.#take(withEnvelope(row, envelope));
    }
    this.#position = end;
  }

  known(origin: string, id: string): KnownEvent | undefined {
    return this.#known.get(origin)?.get(id);
  }

  /** Whether single requests of a session are known, so that its counters count no longer. */
  isDetailed(origin: string, session: string): boolean {
    return this.#detailed.has(keyOf(origin, session));
  }

  /** The readings of a cumulative count. */
  historyOf(origin: string, key: string): CountHistory {
    const name = keyOf(origin, key);
    const history = this.#counts.get(name) ?? new CountHistory(key);
    this.#counts.set(name, history);
    return history;
  }

  /** Whether a count of a period began after all that its series has: then it began at zero. */
  isLaterPeriod(origin: string, key: string): boolean {
    const latest = this.#latest.get(keyOf(origin, seriesOf(key)));
    return latest !== undefined && isLater(key, latest);
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
    this.#counts.clear();
    this.#latest.clear();
    this.#detailed.clear();
    for (const row of ledger.read(FILE)) {
      const ingested = readIngested(row);
      if (ingested === undefined) continue;
      if (this.#undone.has(row.id)) this.#takeCounts(ingested, true);
      else this.#take(ingested);
    }
  }

  #take(ingested: IngestedRow): void {
    const { origin, session, events, id: row } = ingested;
    if (events.some(({ from_counter }) => from_counter !== true)) {
      this.#detailed.add(keyOf(origin, session));
    }
    const known = this.#known.get(origin) ?? new Map<string, KnownEvent>();
    this.#known.set(origin, known);
    for (const { id, lane, model, usage } of events) {
      const before = known.get(id);
      if (before === undefined || isMore(usage, before.usage)) {
        known.set(id, { row, lane, model, usage });
      }
    }
    this.#takeCounts(ingested);
  }

  #takeCounts(row: IngestedRow, isUndone = false): void {
    const { origin, events } = row;
    for (const [key, counted] of countsIn(row)) {
      const history = this.historyOf(origin, key);
      if (!isUndone && hasBegunAnew(row, key, { counted, history })) history.restart();
      history.addTotal(counted, isUndone);
      const series = keyOf(origin, seriesOf(key));
      const latest = this.#latest.get(series);
      const isLatest = latest === undefined || periodOf(key) > periodOf(latest);
      if (isLatest && !isUndone) this.#latest.set(series, key);
    }
    for (const event of events) {
      const key = countOfEvent(event.id);
      if (key !== undefined) this.historyOf(origin, key).addGrowth(event.id, event, isUndone);
    }
  }
}

/** Whether a count fell with a row's reading. Rows of the first version of ccusage's parser do not say so. */
function hasBegunAnew(
  { restarted, origin, parser_version, events }: UsageIngested,
  key: string,
  { counted, history }: { readonly counted: KnownTotal; readonly history: CountHistory },
): boolean {
  if (restarted !== undefined) return restarted.includes(key);
  const isOld = origin.startsWith("ccusage") && parser_version === "1";
  return isOld && events.length === 0 && history.isBelow(counted);
}

/** undefined for rows of another record, and for those that break their schema. */
function readIngested(row: Row): IngestedRow | undefined {
  const ingested = UsageIngested.safeParse(row).data;
  return ingested && withEnvelope(ingested, row);
}

function withEnvelope(said: UsageIngested, { id, recorded_at, source }: Row): IngestedRow {
  return { ...said, id, recorded_at, source };
}

/** Whether a usage states more of the same event: a larger output, or the same with more of the rest. */
export function isMore(usage: Usage, known: Usage): boolean {
  const [own, other] = [usage, known].map(({ output = 0 }) => output);
  if (own !== other) return (own ?? 0) > (other ?? 0);
  return tokensIn("all", usage) > tokensIn("all", known);
}

/** The counts of a row, each with its cost. */
function countsIn({
  totals = {},
  total_costs,
}: UsageIngested): readonly (readonly [string, KnownTotal])[] {
  return Object.entries(totals).map(([key, total]) => {
    const cost = total_costs?.[key];
    return [key, cost === undefined ? { total } : { total, cost_usd: cost }];
  });
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
