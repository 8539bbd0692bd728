import { BudgetReserved } from "../domain/budget-event.ts";
import type { Row } from "../domain/row.ts";
import { IdList, type IdListState } from "./id-list.ts";

/** What a row sets aside for a request. */
interface Reservation {
  /** Id of the row. */
  readonly id: string;
  readonly reservation: string;
  readonly tokens: number;
}

/** What a debit says about the reservation that it was made for. */
export interface ReservationStep {
  readonly reservation: string;
  readonly delta: number;
  readonly is_final: boolean;
}

/** All that is known of reservations, as plain data. */
export interface ReservationState {
  readonly held: Map<string, number>;
  readonly ids: IdListState;
  readonly tokens: number;
}

/**
 * Estimates that no final debit has settled, of requests in flight or cut by a crash. Only the id of a
 * reservation's row is kept; a settled reservation leaves nothing else.
 */
export class OpenReservations {
  readonly #held: Map<string, number>;
  readonly #rows: IdList;
  /** Made for the first row that is asked for. */
  #ids: Set<string> | undefined;
  /** Tokens held in all. */
  tokens: number;

  constructor(state: ReservationState = { held: new Map(), ids: "", tokens: 0 }) {
    ({ held: this.#held, tokens: this.tokens } = state);
    this.#rows = new IdList(state.ids);
  }

  get state(): ReservationState {
    return { held: this.#held, ids: this.#rows.state, tokens: this.tokens };
  }

  /** Whether a reservation's row with that id was read. */
  has(id: string): boolean {
    this.#ids ??= new Set(this.#rows);
    return this.#ids.has(id);
  }

  /** Returns whether the row could be read. */
  reserveRow(row: Row): boolean {
    const { success, data } = BudgetReserved.safeParse(row);
    if (success) this.reserve({ ...data, id: row.id });
    return success;
  }

  reserve({ id, reservation, tokens }: Reservation): void {
    this.#rows.add(id);
    this.#ids?.add(id);
    this.#hold(reservation, tokens);
  }

  /** Moves what a debit took from held to spent. */
  settle({ reservation, delta, is_final }: ReservationStep): void {
    const held = this.#held.get(reservation) ?? 0;
    this.#hold(reservation, is_final ? 0 : Math.max(0, held - delta));
  }

  #hold(reservation: string, tokens: number): void {
    this.tokens += tokens - (this.#held.get(reservation) ?? 0);
    if (tokens > 0) this.#held.set(reservation, tokens);
    else this.#held.delete(reservation);
  }
}
