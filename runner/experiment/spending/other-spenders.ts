import { z } from "zod";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import type { Clock } from "../../../ledger/domain/clock.ts";
import { CounterbalanceError, FailedError } from "../../../ledger/domain/errors.ts";
import type { Row } from "../../../ledger/domain/row.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { WindowKey } from "../../../ledger/domain/window.ts";
import { readSince } from "../../../ledger/store/read-since.ts";
import type { AppendRule, LedgerReader, Position } from "../../../ledger/store/store.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import type { RequestSpend, SpendingFold } from "../../gateway/budgets/spending-fold.ts";
import type { AheadRows, BudgetCounter, CountedRow } from "./budget-counter.ts";

const LOOK_EVERY_MS = 1000;
const Whose = z.object(WindowKey);

interface Parts {
  readonly ledger: LedgerReader;
  readonly book: BudgetBook;
  /** Has every row up to `position`. */
  readonly fold: SpendingFold;
  readonly position: Position;
  /** The number of the fold's last row; 0 if there is none. */
  readonly lastSeq: number;
  readonly counter: BudgetCounter;
  /** Rows of the counter that the fold has, and the ledger had not. */
  readonly ahead: AheadRows;
  /** Whether runs and proxies share the overall budget. */
  readonly isShared: boolean;
  readonly clock: Clock;
}

/** Records that a budget over all attempts reached a threshold or its limit. */
type Crossing = Extract<BudgetEvent, { record: "budget_warned" | "budget_breached" }>;

/** Another process recorded the crossing first. */
class RecordedAlreadyError extends FailedError {}

/**
 * Adds the spending of other processes on the same ledger to the budget book, e.g. of a proxy that was
 * opened during a run, and lets only one of them decide at a time. It reads nothing if no budget over all
 * attempts has a limit.
 */
export class OtherSpenders {
  readonly #parts: Parts;
  readonly #isLimited: boolean;
  #position: Position;
  #lastSeq: number;
  #lookedMs = -Infinity;
  /** How often the file has each crossing; a period can reach its threshold again. */
  readonly #recorded = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#isLimited = parts.book.shared.some(({ limit }) => limit !== null);
    this.#position = parts.position;
    this.#lastSeq = parts.lastSeq;
  }

  /** The requests that other processes have in flight. Those of a process that was killed are spent. */
  openElsewhere(): readonly RequestSpend[] {
    const { counter, fold } = this.#parts;
    const isOpen = new Map<string, boolean>();
    return [...fold.unsettled()].filter(({ by }) => {
      if (by === undefined) return false;
      if (!isOpen.has(by)) isOpen.set(by, counter.isOpen(by));
      return isOpen.get(by) === true;
    });
  }

  /** Shows a reservation or debit of this process, which the book has counted, to the others. */
  posted(event: BudgetEvent): void {
    if (!isMoney(event)) return;
    const { counter, ahead, clock } = this.#parts;
    counter.alone(() => {
      this.#readCounter();
      try {
        counter.write({ ...event, recorded_at: timestampOf(clock.nowMs()) });
      } catch (error) {
        // The others still count the reservation, until the ledger shows them the debit.
        if (event.record === "budget_reserved") throw error;
      }
    });
    if (this.#isLimited) ahead.add(event);
  }

  /** Reads what is new: in the counter always, in the ledger at most once a second. */
  catchUpAtTimes(): void {
    const { counter, clock } = this.#parts;
    if (clock.monotonicMs() - this.#lookedMs >= LOOK_EVERY_MS) this.catchUp();
    else counter.alone(() => this.#readCounter());
  }

  /** Refuses a crossing that another process with the same limit has recorded meanwhile. */
  unlessRecorded(event: Crossing): AppendRule {
    const text = this.#crossingText(event);
    const before = this.#recorded.get(text) ?? 0;
    return (ledger) => {
      try {
        this.catchUp(ledger);
      } catch (error) {
        // Two records of a crossing are better than none.
        if (!(error instanceof CounterbalanceError)) throw error;
      }
      const isRecorded = (this.#recorded.get(text) ?? 0) > before;
      return isRecorded ? new RecordedAlreadyError(`${text} is recorded already.`) : undefined;
    };
  }

  /** @throws LedgerDamagedError, or the counter's error */
  catchUp(ledger: LedgerReader = this.#parts.ledger): void {
    this.#parts.counter.alone(() => this.#catchUp(ledger));
  }

  #catchUp(ledger: LedgerReader): void {
    this.#readCounter();
    if (!this.#isLimited) return;
    const { ahead, clock } = this.#parts;
    const { rows, end } = readSince(ledger, "budgets", this.#position);
    for (const row of rows) {
      // After a lost position all rows come again.
      if (row.seq <= this.#lastSeq) continue;
      this.#lastSeq = row.seq;
      if (isCrossing(row)) this.#hear(row);
      else if (ahead.take(row) === undefined) this.#absorb(row);
    }
    this.#position = end;
    // Set last, so that a failed reading is repeated before the next decision.
    this.#lookedMs = clock.monotonicMs();
  }

  #readCounter(): void {
    if (!this.#isLimited) return;
    const { counter, ahead } = this.#parts;
    for (const row of counter.read()) {
      ahead.add(row);
      this.#absorb(row);
    }
  }

  #absorb(row: Row | CountedRow): void {
    const { book, fold } = this.#parts;
    book.absorb(fold.see(row), Whose.parse(row));
  }

  #hear(row: Row & Crossing): void {
    const text = this.#crossingText(row);
    this.#recorded.set(text, (this.#recorded.get(text) ?? 0) + 1);
    const { book, fold } = this.#parts;
    if (!this.#isOwn(row) || row.experiment_id === fold.experimentId) book.hear(row);
  }

  /** Whether only the row's own experiment counts in its budget. */
  #isOwn({ scope }: Pick<Crossing, "scope">): boolean {
    return scope === "overall" && !this.#parts.isShared;
  }

  /** Identifies a threshold. An overall budget may belong to its experiment, and a period to the whole ledger. */
  #crossingText(event: Crossing): string {
    const { record, scope, unit = "tokens", limit, basis, threshold_percent: percent } = event;
    const owner = this.#isOwn(event) ? event.experiment_id : "ledger";
    return JSON.stringify([record, owner, scope, unit, basis, limit, percent ?? null]);
  }
}

/** Whether a row reserves or debits tokens or dollars; the minutes of an attempt are not a decision. */
function isMoney({ record, unit }: BudgetEvent): boolean {
  return record === "budget_reserved" || (record === "budget_debited" && unit !== "minutes");
}

/** Whether only the first of several processes on a ledger records the event. */
export function isCrossing<Event extends BudgetEvent | Row>(
  event: Event,
): event is Event & Crossing {
  const { record, scope } = event;
  const isReached = record === "budget_warned" || record === "budget_breached";
  return isReached && (scope === "overall" || scope === "period");
}
