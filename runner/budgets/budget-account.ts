import type { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { RunningSum } from "./running-sum.ts";
import type { RequestSpend, SpendChange } from "./spending-fold.ts";

const THRESHOLDS_PERCENT = [70, 90, 100] as const;

/** What can be read off a budget at any moment; grains of its unit. */
export interface BudgetFigures {
  /** The base command, the role, or the scope's own name. */
  readonly name: string;
  readonly scope: BudgetScope;
  readonly unit: BudgetUnit;
  /** null: unlimited; 0: nothing. */
  readonly limit: number | null;
  readonly used: number;
  /** Set aside for requests in flight. */
  readonly reserved: number;
}

/** What a debit was the first to reach. */
export interface Crossing {
  readonly thresholdsPercent: readonly number[];
  readonly isBreach: boolean;
}

const NO_CROSSING: Crossing = { thresholdsPercent: [], isBreach: false };

/** Grains that were taken at a moment, epoch ms; absent: now. */
interface Taking {
  readonly grains: number;
  readonly atMs?: number;
}

interface Replacement {
  readonly was: Taking | null;
  readonly is: Taking | null;
  readonly isFinal: boolean;
}

/** One limit and what has been taken from it. */
export class BudgetAccount implements BudgetFigures {
  readonly name: string;
  readonly scope: BudgetScope;
  readonly unit: BudgetUnit;
  readonly limit: number | null;
  readonly #sum: RunningSum;
  #reserved = 0;
  /** The highest percentage that was warned of. */
  #warnedPercent = 0;
  #isBreached = false;

  constructor(
    { name, scope, unit, limit }: Pick<BudgetFigures, "name" | "scope" | "unit" | "limit">,
    sum: RunningSum,
  ) {
    this.name = name;
    this.scope = scope;
    this.unit = unit;
    this.limit = limit;
    this.#sum = sum;
    // What an earlier session reached, it has warned of.
    this.#latchCrossing();
  }

  get used(): number {
    return this.#sum.total();
  }

  get reserved(): number {
    return this.#reserved;
  }

  /** The figures as they stand now. */
  figures(): BudgetFigures {
    const { name, scope, unit, limit, used, reserved } = this;
    return { name, scope, unit, limit, used, reserved };
  }

  /** What may still be set aside, never below 0. */
  room(): number {
    if (this.limit === null) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.limit - this.used - this.#reserved);
  }

  /**
   * When so much has room by the passing of time alone, epoch ms; of more than the limit, when
   * nothing is used any more. null where time changes nothing.
   */
  roomAtMs(grains: number): number | null {
    if (this.limit === null) return null;
    return this.#sum.whenAtMost(Math.max(0, this.limit - grains));
  }

  reserve(grains: number): void {
    this.#reserved += grains;
  }

  release(grains: number): void {
    this.#reserved -= grains;
  }

  /** Counts as used, and says which thresholds were reached for the first time. */
  spend(grains: number): Crossing {
    this.#forgetWhatExpired();
    this.#sum.add(grains);
    return this.#latchCrossing();
  }

  /**
   * Counts what was taken elsewhere, in place of what was counted for it before. What is still on its
   * way warns of nothing: it may turn out to be less.
   */
  replace({ was, is, isFinal }: Replacement): Crossing {
    this.#forgetWhatExpired();
    if (was !== null) this.#sum.add(-was.grains, was.atMs);
    if (is !== null) this.#sum.add(is.grains, is.atMs);
    return isFinal ? this.#latchCrossing() : NO_CROSSING;
  }

  /** Counts what a row of elsewhere has changed. */
  absorb({ was, is, isFinal, minutes }: SpendChange): Crossing {
    const { unit } = this;
    if (unit === "minutes") return this.spend(minutes);
    const of = (spend: RequestSpend | null): Taking | null =>
      spend === null ? null : { grains: spend[unit], atMs: spend.atMs };
    return this.replace({ was: of(was), is: of(is), isFinal });
  }

  /** A rolling budget that has emptied is warned of again when it fills. */
  #forgetWhatExpired(): void {
    const { limit, used, scope } = this;
    if (limit === null || scope !== "period") return;
    if (used <= limit) this.#isBreached = false;
    if (used * 100 < limit * this.#warnedPercent) this.#warnedPercent = highestReached(used, limit);
  }

  #latchCrossing(): Crossing {
    const { limit, used } = this;
    if (limit === null || used === 0) return NO_CROSSING;
    const thresholdsPercent = THRESHOLDS_PERCENT.filter(
      (percent) => percent > this.#warnedPercent && used * 100 >= limit * percent,
    );
    this.#warnedPercent = thresholdsPercent.at(-1) ?? this.#warnedPercent;
    const isBreach = !this.#isBreached && used > limit;
    this.#isBreached ||= isBreach;
    return { thresholdsPercent, isBreach };
  }
}

function highestReached(used: number, limit: number): number {
  return THRESHOLDS_PERCENT.findLast((percent) => used * 100 >= limit * percent) ?? 0;
}
