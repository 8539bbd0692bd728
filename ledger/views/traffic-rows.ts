import { DebitTable } from "./debit-table.ts";
import type { AttemptKey, DebitFact, RequestFact, TrafficFact } from "./experiment-fact.ts";
import { RequestTable } from "./request-table.ts";
import type { RowIds } from "./row-ids.ts";
import { StoredDebit, StoredRequest } from "./stored-traffic.ts";
import { Table } from "./table.ts";

/** A row's attempt, the attempt's row before it + 1, its figures' place in the table of its kind, what it is. */
const COLUMN = { attempt: 0, before: 1, figures: 2, tags: 3 };
const IS_THERE = 1;
const IS_DEBIT = 2;
const IS_RELEASED = 4;

/**
 * The requests and debits of an experiment, the mass of its ledger, in 30 to 80 bytes each, under the
 * numbers of their ids. One that is spoken against is released: it can be found ever after, but is not
 * among its attempt's rows.
 */
export class TrafficRows {
  readonly requests = new RequestTable();
  readonly debits = new DebitTable();
  readonly ids: RowIds;
  readonly #heads = new Table(4, Uint32Array);
  readonly #attempts: AttemptKey[] = [];

  constructor(ids: RowIds) {
    this.ids = ids;
  }

  /** Numbers an attempt, so that its rows can name it. */
  addAttempt(attempt: AttemptKey): number {
    return this.#attempts.push(attempt) - 1;
  }

  /** Whether every count of a row has at most 32 bits. */
  fits(fact: TrafficFact): boolean {
    return fact.kind === "debit" ? this.debits.fits(fact) : this.requests.fits(fact);
  }

  /** Takes in a row that fits and is not there yet, behind the attempt's last row. */
  add(fact: TrafficFact, row: number, attempt: { number: number; last: number | undefined }): void {
    const isDebit = fact.kind === "debit";
    const figures = isDebit ? this.debits.add(fact) : this.requests.add(fact);
    this.#heads.set(row, COLUMN.attempt, attempt.number);
    this.#heads.set(row, COLUMN.before, attempt.last === undefined ? 0 : attempt.last + 1);
    this.#heads.set(row, COLUMN.figures, figures);
    this.#heads.set(row, COLUMN.tags, IS_THERE | (isDebit ? IS_DEBIT : 0));
  }

  /** Whether a row is here and was not released. */
  isHeld(row: number): boolean {
    return (this.#heads.get(row, COLUMN.tags) & (IS_THERE | IS_RELEASED)) === IS_THERE;
  }

  release(row: number): void {
    this.#heads.set(row, COLUMN.tags, this.#heads.get(row, COLUMN.tags) | IS_RELEASED);
  }

  /** The row of a number, released or not. */
  find(row: number): TrafficFact | undefined {
    if ((this.#heads.get(row, COLUMN.tags) & IS_THERE) === 0) return undefined;
    return this.#isDebit(row) ? new StoredDebit(this, row) : new StoredRequest(this, row);
  }

  requestsUpTo(last: number | undefined): readonly RequestFact[] {
    const requests: RequestFact[] = [];
    for (const row of this.#rowsUpTo(last)) {
      if (!this.#isDebit(row)) requests.push(new StoredRequest(this, row));
    }
    return requests;
  }

  debitsUpTo(last: number | undefined): readonly DebitFact[] {
    const debits: DebitFact[] = [];
    for (const row of this.#rowsUpTo(last)) {
      if (this.#isDebit(row)) debits.push(new StoredDebit(this, row));
    }
    return debits;
  }

  idOf(row: number): string {
    return this.ids.textOf(row);
  }

  attemptOf(row: number): AttemptKey {
    const attempt = this.#attempts[this.#heads.get(row, COLUMN.attempt)];
    if (attempt === undefined) throw new RangeError(`Row ${String(row)} is of no attempt.`);
    return attempt;
  }

  figuresOf(row: number): number {
    return this.#heads.get(row, COLUMN.figures);
  }

  /** The rows of an attempt that are not released, from its last to its first. */
  *#rowsUpTo(last: number | undefined): Generator<number> {
    for (let row = last ?? -1; row >= 0; row = this.#heads.get(row, COLUMN.before) - 1) {
      if (this.isHeld(row)) yield row;
    }
  }

  #isDebit(row: number): boolean {
    return (this.#heads.get(row, COLUMN.tags) & IS_DEBIT) !== 0;
  }
}
