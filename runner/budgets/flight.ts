import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { BudgetFigures, Crossing } from "./budget-account.ts";
import type { OpenAttempt } from "./budget-attempt.ts";
import { isTokens, nanoDollars, type Told } from "./budget-request.ts";

/** Tokens of the basis, and nano-dollars; null: nobody knows. */
export interface Taken {
  readonly tokens: number;
  readonly usd: number | null;
}

export const NOTHING_TAKEN: Taken = { tokens: 0, usd: 0 };

/** One step of a request's total, and what it did to the budgets. */
export interface Advance {
  readonly reservation: string;
  readonly attempt: OpenAttempt;
  readonly delta: Taken;
  readonly total: Taken;
  /** What the request has taken beyond its estimate so far. */
  readonly overshoot: Taken;
  readonly isFinal: boolean;
  /** Each budget as it stands after the step. */
  readonly crossings: readonly (BudgetFigures & Crossing)[];
}

/** An admitted request on its way: what it was expected to take and what it has taken. */
export class Flight {
  readonly attempt: OpenAttempt;
  readonly estimate: Taken;
  readonly #reservation: string;
  /** What is still set aside of the estimate. */
  #held: Taken;
  #total = NOTHING_TAKEN;
  #seen = NOTHING_TAKEN;

  /** Sets the estimate aside in every budget of the attempt. */
  constructor(request: {
    readonly attempt: OpenAttempt;
    readonly reservation: string;
    readonly estimate: Taken;
  }) {
    this.attempt = request.attempt;
    this.estimate = request.estimate;
    this.#reservation = request.reservation;
    this.#held = request.estimate;
    for (const account of this.attempt.accounts) {
      account.reserve(of(request.estimate, account.unit));
    }
  }

  /** The last known total. */
  get total(): Taken {
    return this.#total;
  }

  /** Notes what a running answer shows to have taken, without debiting it. */
  see(total: Taken): void {
    this.#seen = larger(this.#seen, total);
  }

  /** What is seen and not debited, grains. */
  undebited(unit: BudgetUnit): number {
    return Math.max(0, of(this.#seen, unit) - of(this.#total, unit));
  }

  /** Debits what came since the last known total, out of what was set aside for it. */
  advance(total: Taken): Advance {
    const reached = larger(this.#total, total);
    return this.#step(reached, { isFinal: false, held: beyond(this.estimate, reached) });
  }

  /** Lands with what was told; the estimate stands for what was not, and the remarks say so. */
  landAsTold({ tokens, usd, usage, model = null }: Told) {
    const { estimate } = this;
    const isEstimated = tokens === null || !isTokens(tokens);
    const dollars = nanoDollars(usd);
    const isUsdEstimated = dollars === null && estimate.usd !== null;
    const advance = this.#land({
      tokens: isEstimated ? estimate.tokens : tokens,
      usd: dollars ?? estimate.usd,
    });
    return { advance, remarks: { isEstimated, isUsdEstimated, usage, model } };
  }

  /** Debits the rest and gives back what is still set aside. A total that goes back debits nothing. */
  #land(total: Taken): Advance {
    return this.#step(larger(this.#total, total), { isFinal: true, held: NOTHING_TAKEN });
  }

  #step(
    total: Taken,
    { isFinal, held }: { readonly isFinal: boolean; readonly held: Taken },
  ): Advance {
    const delta = beyond(total, this.#total);
    const released = beyond(this.#held, held);
    this.#total = total;
    this.#held = held;
    const crossings = this.attempt.accounts
      .filter(({ unit }) => unit !== "minutes")
      .map((account) => {
        account.release(of(released, account.unit));
        const crossing = account.spend(of(delta, account.unit));
        return Object.assign(account.figures(), crossing);
      });
    return {
      reservation: this.#reservation,
      attempt: this.attempt,
      delta,
      total,
      overshoot: beyond(total, this.estimate),
      isFinal,
      crossings,
    };
  }
}

/** What counts in an account of that unit; time is not taken by requests, and the unknown counts as nothing. */
function of(taken: Taken, unit: BudgetUnit): number {
  return unit === "minutes" ? 0 : (taken[unit] ?? 0);
}

/** Unknown dollars make the larger of two unknown only where the other has none either. */
function larger(one: Taken, other: Taken): Taken {
  const usd =
    other.usd === null ? (one.usd === 0 ? null : one.usd) : Math.max(one.usd ?? 0, other.usd);
  return { tokens: Math.max(one.tokens, other.tokens), usd };
}

function beyond(one: Taken, other: Taken): Taken {
  const usd = one.usd === null ? null : Math.max(0, one.usd - (other.usd ?? 0));
  return { tokens: Math.max(0, one.tokens - other.tokens), usd };
}
