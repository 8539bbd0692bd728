import { z } from "zod";

import type { BudgetEvent } from "../../ledger/domain/budget-event.ts";
import type { Clock } from "../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { ENVELOPE_KEYS, type Row } from "../../ledger/domain/row.ts";
import { WindowKey } from "../../ledger/domain/window.ts";
import type { AppendRule, LedgerReader, Position } from "../../ledger/store/store.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import type { SpendingFold } from "../budgets/spending-fold.ts";
import { readSince } from "../tracker/read-since.ts";

const LOOK_EVERY_MS = 1000;
const Whose = z.object(WindowKey);
const ENVELOPE: ReadonlySet<string> = new Set(ENVELOPE_KEYS);

interface Parts {
  readonly ledger: LedgerReader;
  readonly book: BudgetBook;
  /** Has seen every row up to `position`. */
  readonly fold: SpendingFold;
  readonly position: Position;
  /** Number of the last row that the fold has seen; 0 where there was none. */
  readonly lastSeq: number;
  readonly clock: Clock;
}

/** What tells that a threshold, or the limit, of a budget over all attempts was reached. */
type Crossing = Extract<BudgetEvent, { record: "budget_warned" | "budget_breached" }>;

/** Another process was the first to tell. */
class ToldAlreadyError extends CounterbalanceError {
  readonly exitCode = 1;
}

/**
 * Takes what other processes spend on the same ledger into the budget book: a proxy that somebody
 * opened by hand beside a run. Nothing is read where nothing is limited over all attempts.
 */
export class OtherSpenders {
  readonly #parts: Parts;
  readonly #isLimited: boolean;
  #position: Position;
  #lastSeq: number;
  #lookedMs = -Infinity;
  /** Rows of this process that were not met in the file yet, and how many of each there are. */
  readonly #own = new Map<string, number>();
  /** How often each threshold was met in the file: one of a period can be reached again. */
  readonly #told = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#isLimited = parts.book.shared.some(({ limit }) => limit !== null);
    this.#position = parts.position;
    this.#lastSeq = parts.lastSeq;
  }

  /** Knows a row of this process again when it is met in the file: the book has counted it. */
  posted(event: BudgetEvent): void {
    if (!this.#isLimited) return;
    const text = textOf(event);
    this.#own.set(text, (this.#own.get(text) ?? 0) + 1);
  }

  /** Reads what is new, at most once a second. */
  catchUpAtTimes(): void {
    if (this.#parts.clock.monotonicMs() - this.#lookedMs >= LOOK_EVERY_MS) this.catchUp();
  }

  /** Turns away what another process, of the same limit, has told since it was reached here. */
  unlessTold(event: Crossing): AppendRule {
    const text = crossingText(event);
    const toldBefore = this.#told.get(text) ?? 0;
    return (ledger) => {
      try {
        this.catchUp(ledger);
      } catch (error) {
        // Rather twice than not at all.
        if (!(error instanceof CounterbalanceError)) throw error;
      }
      const isTold = (this.#told.get(text) ?? 0) > toldBefore;
      return isTold ? new ToldAlreadyError(`${text} has been told.`) : undefined;
    };
  }

  /** @throws LedgerDamagedError */
  catchUp(ledger: LedgerReader = this.#parts.ledger): void {
    if (!this.#isLimited) return;
    const { book, fold, clock } = this.#parts;
    const { rows, end } = readSince(ledger, "budgets", this.#position);
    for (const row of rows) {
      // Where the position was lost, all rows come again.
      if (row.seq <= this.#lastSeq) continue;
      this.#lastSeq = row.seq;
      if (isCrossing(row)) this.#hear(crossingText(row));
      else if (!this.#isOwn(row)) book.absorb(fold.see(row), Whose.parse(row));
    }
    this.#position = end;
    // Only now: what could not be read is asked for again before the next decision.
    this.#lookedMs = clock.monotonicMs();
  }

  #hear(text: string): void {
    this.#told.set(text, (this.#told.get(text) ?? 0) + 1);
  }

  /** No two processes make a reservation of the same name, so that no other's row says the same of money. */
  #isOwn(row: Row): boolean {
    const text = textOf(row);
    const count = this.#own.get(text) ?? 0;
    if (count > 1) this.#own.set(text, count - 1);
    else this.#own.delete(text);
    return count > 0;
  }
}

/** Whether an event is told once, by whichever of the processes on a ledger is the first. */
export function isCrossing<Event extends BudgetEvent | Row>(
  event: Event,
): event is Event & Crossing {
  const { record, scope } = event;
  const isReached = record === "budget_warned" || record === "budget_breached";
  return isReached && (scope === "overall" || scope === "period");
}

/** Names a threshold of a limit. An overall budget is its experiment's, a period the whole ledger's. */
function crossingText(event: Crossing): string {
  const { record, scope, unit = "tokens", limit, basis, threshold_percent: percent } = event;
  const owner = scope === "overall" ? event.experiment_id : "ledger";
  return JSON.stringify([record, owner, scope, unit, basis, limit, percent ?? null]);
}

/** What a row says, without what the store stamps on it. */
function textOf(row: BudgetEvent | Row): string {
  const { record, ...fields } = row;
  const said = Object.entries(fields).filter(
    ([key, value]) => !ENVELOPE.has(key) && value !== undefined,
  );
  return `${record} ${JSON.stringify(said)}`;
}
