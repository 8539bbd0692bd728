import { Column } from "./column.ts";
import { DebitColumns } from "./debit-columns.ts";
import type { AttemptKey, DebitFact, RequestFact, TrafficFact } from "./experiment-fact.ts";
import { RequestColumns } from "./request-columns.ts";
import type { RowIds } from "./row-ids.ts";
import { StoredDebit, StoredRequest } from "./stored-traffic.ts";

const IS_THERE = 1;
const IS_DEBIT = 2;
const IS_RELEASED = 4;

/**
 * The requests and debits of an experiment, the mass of its ledger, in a few dozen bytes each, under the
 * numbers of their ids. One that is spoken against is released: it can be found ever after, but is not
 * among its attempt's rows.
 */
export class TrafficRows {
  readonly requests = new RequestColumns();
  readonly debits = new DebitColumns();
  readonly ids: RowIds;
  readonly #attempt = new Column();
  /** How many rows back its attempt's row before it stands; 0 for the first. */
  readonly #back = new Column();
  readonly #tags = new Column();
  readonly #attempts: AttemptKey[] = [];

  constructor(ids: RowIds) {
    this.ids = ids;
  }

  /** Numbers an attempt, so that its rows can name it. */
  addAttempt(attempt: AttemptKey): number {
    return this.#attempts.push(attempt) - 1;
  }

  /** Takes in a row that is not there yet, behind the attempt's last row. */
  add(fact: TrafficFact, row: number, attempt: { number: number; last: number | undefined }): void {
    if (fact.kind === "debit") this.debits.add(row, fact);
    else this.requests.add(row, fact);
    this.#attempt.set(row, attempt.number);
    this.#back.set(row, row - (attempt.last ?? row));
    this.#tags.set(row, IS_THERE | (fact.kind === "debit" ? IS_DEBIT : 0));
  }

  /** Whether a row is here and was not released. */
  isHeld(row: number): boolean {
    return (this.#tags.get(row) & (IS_THERE | IS_RELEASED)) === IS_THERE;
  }

  release(row: number): void {
    this.#tags.set(row, this.#tags.get(row) | IS_RELEASED);
  }

  /** The row of a number, released or not. */
  find(row: number): TrafficFact | undefined {
    if ((this.#tags.get(row) & IS_THERE) === 0) return undefined;
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
    const attempt = this.#attempts[this.#attempt.get(row)];
    if (attempt === undefined) throw new RangeError(`Row ${String(row)} is of no attempt.`);
    return attempt;
  }

  /** The rows of an attempt that are not released, from its last to its first. */
  *#rowsUpTo(last: number | undefined): Generator<number> {
    let back = 1;
    for (let row = last; row !== undefined && back > 0; row -= back) {
      if (this.isHeld(row)) yield row;
      back = this.#back.get(row);
    }
  }

  #isDebit(row: number): boolean {
    return (this.#tags.get(row) & IS_DEBIT) !== 0;
  }
}
