import { z } from "zod";

import type { BudgetEvent } from "../../ledger/domain/budget-event.ts";
import type { Clock } from "../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import { ENVELOPE_KEYS, type Row } from "../../ledger/domain/row.ts";
import { WindowKey } from "../../ledger/domain/window.ts";
import type { AppendRule, LedgerReader, Position } from "../../ledger/store/store.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import type { SpendingFold } from "../budgets/spending-fold.ts";
import { readSince } from "../tracker/tracker.ts";

const LOOK_EVERY_MS = 1000;
const Whose = z.object(WindowKey);
const ENVELOPE: ReadonlySet<string> = new Set(ENVELOPE_KEYS);

interface Parts {
  readonly ledger: LedgerReader;
  readonly book: BudgetBook;
  /** Has every row up to `position`. */
  readonly fold: SpendingFold;
  readonly position: Position;
  /** The number of the fold's last row; 0 if there is none. */
  readonly lastSeq: number;
  readonly clock: Clock;
}

/** Records that a budget over all attempts reached a threshold or its limit. */
type Crossing = Extract<BudgetEvent, { record: "budget_warned" | "budget_breached" }>;

/** Another process recorded the crossing first. */
class RecordedAlreadyError extends CounterbalanceError {
  readonly exitCode = EXIT.failed;
}

/**
 * Adds the spending of other processes on the same ledger to the budget book, e.g. of a proxy that was
 * opened beside a run. It reads nothing if no budget over all attempts has a limit.
 */
export class OtherSpenders {
  readonly #parts: Parts;
  readonly #isLimited: boolean;
  #position: Position;
  #lastSeq: number;
  #lookedMs = -Infinity;
  /** Rows of this process that have not been read from the file yet, with their counts. */
  readonly #own = new Map<string, number>();
  /** How often the file has each crossing; a period can reach its threshold again. */
  readonly #recorded = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#isLimited = parts.book.shared.some(({ limit }) => limit !== null);
    this.#position = parts.position;
    this.#lastSeq = parts.lastSeq;
  }

  /** Marks a row as this process's own: the book has counted it, so `catchUp` skips it. */
  posted(event: BudgetEvent): void {
    if (!this.#isLimited) return;
    const text = textOf(event);
    this.#own.set(text, (this.#own.get(text) ?? 0) + 1);
  }

  /** Reads what is new, at most once a second. */
  catchUpAtTimes(): void {
    if (this.#parts.clock.monotonicMs() - this.#lookedMs >= LOOK_EVERY_MS) this.catchUp();
  }

  /** Refuses a crossing that another process with the same limit has recorded meanwhile. */
  unlessRecorded(event: Crossing): AppendRule {
    const text = crossingText(event);
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

  /** @throws LedgerDamagedError */
  catchUp(ledger: LedgerReader = this.#parts.ledger): void {
    if (!this.#isLimited) return;
    const { book, fold, clock } = this.#parts;
    const { rows, end } = readSince(ledger, "budgets", this.#position);
    for (const row of rows) {
      // After a lost position all rows come again.
      if (row.seq <= this.#lastSeq) continue;
      this.#lastSeq = row.seq;
      if (isCrossing(row)) this.#hear(crossingText(row));
      else if (!this.#isOwn(row)) book.absorb(fold.see(row), Whose.parse(row));
    }
    this.#position = end;
    // Set last, so that a failed reading is repeated before the next decision.
    this.#lookedMs = clock.monotonicMs();
  }

  #hear(text: string): void {
    this.#recorded.set(text, (this.#recorded.get(text) ?? 0) + 1);
  }

  /** Reservations of two processes have different names, so their rows about money differ. */
  #isOwn(row: Row): boolean {
    const text = textOf(row);
    const count = this.#own.get(text) ?? 0;
    if (count > 1) this.#own.set(text, count - 1);
    else this.#own.delete(text);
    return count > 0;
  }
}

/** Whether only the first of several processes on a ledger records the event. */
export function isCrossing<Event extends BudgetEvent | Row>(
  event: Event,
): event is Event & Crossing {
  const { record, scope } = event;
  const isReached = record === "budget_warned" || record === "budget_breached";
  return isReached && (scope === "overall" || scope === "period");
}

/** Identifies a threshold. An overall budget belongs to its experiment, a period to the whole ledger. */
function crossingText(event: Crossing): string {
  const { record, scope, unit = "tokens", limit, basis, threshold_percent: percent } = event;
  const owner = scope === "overall" ? event.experiment_id : "ledger";
  return JSON.stringify([record, owner, scope, unit, basis, limit, percent ?? null]);
}

/** The content of a row without the store's envelope. */
function textOf(row: BudgetEvent | Row): string {
  const { record, ...fields } = row;
  const said = Object.entries(fields).filter(
    ([key, value]) => !ENVELOPE.has(key) && value !== undefined,
  );
  return `${record} ${JSON.stringify(said)}`;
}
