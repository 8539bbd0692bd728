import { BudgetReserved } from "../domain/budget-event.ts";
import type { Row } from "../domain/row.ts";

/** What a debit says of the reservation that it was made for. */
export interface Settlement {
  readonly reservation: string;
  readonly delta: number;
  readonly is_final: boolean;
}

/**
 * Estimates that no final debit has settled: of requests in flight, or cut by a crash. Rows of
 * reservations are not kept one by one; a settled one leaves nothing behind.
 */
export class OpenReservations {
  readonly #held = new Map<string, number>();
  /** Tokens held in all. */
  tokens = 0;

  /** Returns whether the row could be read. */
  reserve(row: Row): boolean {
    const reserved = BudgetReserved.safeParse(row);
    if (reserved.success) this.hold(reserved.data.reservation, reserved.data.tokens);
    return reserved.success;
  }

  /** What a debit tells counts as spent and is held no more. */
  settle({ reservation, delta, is_final }: Settlement): void {
    const held = this.#held.get(reservation) ?? 0;
    this.hold(reservation, is_final ? 0 : Math.max(0, held - delta));
  }

  hold(reservation: string, tokens: number): void {
    this.tokens += tokens - (this.#held.get(reservation) ?? 0);
    if (tokens > 0) this.#held.set(reservation, tokens);
    else this.#held.delete(reservation);
  }
}
