import { z } from "zod";

import type { BudgetEvent } from "../../ledger/domain/budget-event.ts";
import type { Clock } from "../../ledger/domain/clock.ts";
import { ENVELOPE_KEYS, type Row } from "../../ledger/domain/row.ts";
import { WindowKey } from "../../ledger/domain/window.ts";
import type { LedgerReader, Position } from "../../ledger/store/store.ts";
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

  /** @throws LedgerDamagedError */
  catchUp(): void {
    if (!this.#isLimited) return;
    const { ledger, book, fold, clock } = this.#parts;
    const { rows, end } = readSince(ledger, "budgets", this.#position);
    for (const row of rows) {
      // Where the position was lost, all rows come again.
      if (row.seq <= this.#lastSeq) continue;
      this.#lastSeq = row.seq;
      if (!this.#isOwn(row)) book.absorb(fold.see(row), Whose.parse(row));
    }
    this.#position = end;
    // Only now: what could not be read is asked for again before the next decision.
    this.#lookedMs = clock.monotonicMs();
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

/** What a row says, without what the store stamps on it. */
function textOf(row: BudgetEvent | Row): string {
  const { record, ...fields } = row;
  const said = Object.entries(fields).filter(
    ([key, value]) => !ENVELOPE.has(key) && value !== undefined,
  );
  return `${record} ${JSON.stringify(said)}`;
}
