import { BudgetReserved } from "../domain/budget-event.ts";
import type { Row } from "../domain/row.ts";
import { RowIds } from "./row-ids.ts";

/** What a row sets aside for a request. */
interface Reservation {
  /** Of the row. */
  readonly id: string;
  readonly reservation: string;
  readonly tokens: number;
}

/** What a debit says of the reservation that it was made for. */
export interface Settlement {
  readonly reservation: string;
  readonly delta: number;
  readonly is_final: boolean;
}

/**
 * Estimates that no final debit has settled: of requests in flight, or cut by a crash. Of rows of
 * reservations only the ids are kept; a settled one leaves nothing else behind.
 */
export class OpenReservations {
  readonly #held = new Map<string, number>();
  readonly #ids = new RowIds();
  /** Tokens held in all. */
  tokens = 0;

  /** Whether a row of a reservation with that id was met. */
  has(id: string): boolean {
    return this.#ids.find(id) !== undefined;
  }

  /** Returns whether the row could be read. */
  reserveRow(row: Row): boolean {
    const { success, data } = BudgetReserved.safeParse(row);
    if (success) this.reserve({ ...data, id: row.id });
    return success;
  }

  reserve({ id, reservation, tokens }: Reservation): void {
    this.#ids.numberOf(id);
    this.#hold(reservation, tokens);
  }

  /** What a debit tells counts as spent and is held no more. */
  settle({ reservation, delta, is_final }: Settlement): void {
    const held = this.#held.get(reservation) ?? 0;
    this.#hold(reservation, is_final ? 0 : Math.max(0, held - delta));
  }

  #hold(reservation: string, tokens: number): void {
    this.tokens += tokens - (this.#held.get(reservation) ?? 0);
    if (tokens > 0) this.#held.set(reservation, tokens);
    else this.#held.delete(reservation);
  }
}
