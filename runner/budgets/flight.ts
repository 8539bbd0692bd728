import type { BudgetFigures, Crossing } from "./budget-account.ts";
import type { OpenAttempt } from "./budget-attempt.ts";

/** One step of a request's total, and what it did to the budgets; tokens. */
export interface Advance {
  readonly reservation: string;
  readonly command: string;
  readonly delta: number;
  readonly total: number;
  /** What the request has taken beyond its estimate so far. */
  readonly overshoot: number;
  readonly isFinal: boolean;
  /** Each budget as it stands after the step. */
  readonly crossings: readonly (BudgetFigures & Crossing)[];
}

/** An admitted request on its way: what it was expected to take and what it has taken, in tokens. */
export class Flight {
  readonly attempt: OpenAttempt;
  readonly estimate: number;
  readonly #reservation: string;
  /** What is still set aside of the estimate. */
  #held: number;
  #total = 0;

  /** Sets the estimate aside in every budget of the attempt. */
  constructor(request: {
    readonly attempt: OpenAttempt;
    readonly reservation: string;
    readonly estimate: number;
  }) {
    this.attempt = request.attempt;
    this.estimate = request.estimate;
    this.#reservation = request.reservation;
    this.#held = request.estimate;
    for (const account of this.attempt.accounts) account.reserve(request.estimate);
  }

  /** The last known total. */
  get total(): number {
    return this.#total;
  }

  /** Debits what came since the last known total, out of what was set aside for it. */
  advance(total: number): Advance {
    return this.#step(total, { isFinal: false, held: Math.max(0, this.estimate - total) });
  }

  /** Debits the rest and gives back what is still set aside. A total that goes back debits nothing. */
  land(total: number): Advance {
    return this.#step(Math.max(this.#total, total), { isFinal: true, held: 0 });
  }

  #step(
    total: number,
    { isFinal, held }: { readonly isFinal: boolean; readonly held: number },
  ): Advance {
    const delta = total - this.#total;
    const released = this.#held - held;
    this.#total = total;
    this.#held = held;
    const crossings = this.attempt.accounts.map((account) => {
      account.release(released);
      const crossing = account.spend(delta);
      const { name, scope, limit, used, reserved } = account;
      return { name, scope, limit, used, reserved, ...crossing };
    });
    return {
      reservation: this.#reservation,
      command: this.attempt.command,
      delta,
      total,
      overshoot: Math.max(0, total - this.estimate),
      isFinal,
      crossings,
    };
  }
}
