import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { BudgetFigures, Crossing } from "./budget-account.ts";
import type { OpenAttempt } from "./budget-attempt.ts";
import { isTokens, nanoDollars, type Told } from "./budget-request.ts";

/** Tokens of the basis, and nano-dollars; null if unknown. */
export interface Taken {
  readonly tokens: number;
  readonly usd: number | null;
}

export const NOTHING_TAKEN: Taken = { tokens: 0, usd: 0 };

/** One step of a request's total, and its effect on the budgets. */
export interface Advance {
  readonly reservation: string;
  readonly attempt: OpenAttempt;
  readonly delta: Taken;
  readonly total: Taken;
  /** Usage beyond the estimate so far. */
  readonly overshoot: Taken;
  readonly isFinal: boolean;
  /** The state of each budget after the step. */
  readonly crossings: readonly (BudgetFigures & Crossing)[];
}

/** An admitted request in flight: its estimate and its usage. */
export class Flight {
  readonly attempt: OpenAttempt;
  readonly estimate: Taken;
  readonly #reservation: string;
  /** The part of the estimate that is still reserved. */
  #held: Taken;
  #total = NOTHING_TAKEN;
  #seen = NOTHING_TAKEN;

  /** Reserves the estimate in every budget of the attempt. */
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

  /** Notes the usage that a running answer shows, without debiting it. */
  see(total: Taken): void {
    this.#seen = larger(this.#seen, total);
  }

  /** Returns the usage that is seen and not debited, grains. */
  undebited(unit: BudgetUnit): number {
    return Math.max(0, of(this.#seen, unit) - of(this.#total, unit));
  }

  /** Debits the usage since the last known total, and releases that part of the reservation. */
  advance(total: Taken): Advance {
    const reached = larger(this.#total, total);
    return this.#step(reached, { isFinal: false, held: beyond(this.estimate, reached) });
  }

  /** Ends with the reported usage. The estimate replaces missing figures, and the remarks say so. */
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

  /** Debits the rest and releases the reservation. A total that decreases debits nothing. */
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

/** Returns the usage in one unit. Requests use no time, and unknown usage counts as 0. */
function of(taken: Taken, unit: BudgetUnit): number {
  return unit === "minutes" ? 0 : (taken[unit] ?? 0);
}

/** Returns the larger of two usages. Its dollars are unknown only if neither has any. */
function larger(one: Taken, other: Taken): Taken {
  const usd =
    other.usd === null ? (one.usd === 0 ? null : one.usd) : Math.max(one.usd ?? 0, other.usd);
  return { tokens: Math.max(one.tokens, other.tokens), usd };
}

function beyond(one: Taken, other: Taken): Taken {
  const usd = one.usd === null ? null : Math.max(0, one.usd - (other.usd ?? 0));
  return { tokens: Math.max(0, one.tokens - other.tokens), usd };
}
