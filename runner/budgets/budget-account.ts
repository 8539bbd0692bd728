import type { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { fromGrains } from "./budget-unit.ts";
import type { RunningSum } from "./running-sum.ts";
import type { RequestSpend, SpendChange } from "./spending-fold.ts";

const THRESHOLDS_PERCENT = [70, 90, 100] as const;

/** The state of a budget at one moment, in grains of its unit. */
export interface BudgetFigures {
  /** The base command, the role, or the scope's own name. */
  readonly name: string;
  readonly scope: BudgetScope;
  readonly unit: BudgetUnit;
  /** null: unlimited; 0: nothing. */
  readonly limit: number | null;
  readonly used: number;
  /** Reserved for requests in flight. */
  readonly reserved: number;
}

/** The thresholds that a debit was the first to reach. */
export interface Crossing {
  readonly thresholdsPercent: readonly number[];
  readonly isBreach: boolean;
}

const NO_CROSSING: Crossing = { thresholdsPercent: [], isBreach: false };

/** Grains used at a moment (epoch ms), by default now. */
interface Taking {
  readonly grains: number;
  readonly atMs?: number;
}

interface Replacement {
  readonly was: Taking | null;
  readonly is: Taking | null;
  readonly isFinal: boolean;
}

/** One limit and how much of it is used. */
export class BudgetAccount implements BudgetFigures {
  readonly name: string;
  readonly scope: BudgetScope;
  readonly unit: BudgetUnit;
  readonly limit: number | null;
  readonly #sum: RunningSum;
  #reserved = 0;
  /** The highest percentage that has caused a warning. */
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
    // An earlier session has warned about the thresholds that it reached.
    this.#latchCrossing();
  }

  get used(): number {
    return this.#sum.total();
  }

  get reserved(): number {
    return this.#reserved;
  }

  /** Returns a copy of the current figures. */
  figures(): BudgetFigures {
    const { name, scope, unit, limit, used, reserved } = this;
    return { name, scope, unit, limit, used, reserved };
  }

  /** Returns the grains that can still be reserved, at least 0. */
  room(): number {
    if (this.limit === null) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.limit - this.used - this.#reserved);
  }

  /**
   * Returns when time alone will make room for `grains`, epoch ms; for more grains than the limit, when
   * nothing will be used any more. null if time changes nothing.
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

  /** Counts grains as used, and returns the thresholds that were reached for the first time. */
  spend(grains: number): Crossing {
    this.#forgetWhatExpired();
    this.#sum.add(grains);
    return this.#latchCrossing();
  }

  /**
   * Counts usage of another process in place of its earlier count. A request in flight causes no
   * warning, because it may turn out to use less.
   */
  replace({ was, is, isFinal }: Replacement): Crossing {
    this.#forgetWhatExpired();
    if (was !== null) this.#sum.add(-was.grains, was.atMs);
    if (is !== null) this.#sum.add(is.grains, is.atMs);
    return isFinal ? this.#latchCrossing() : NO_CROSSING;
  }

  /** Counts the change that a row of another process made. */
  absorb({ was, is, isFinal, minutes }: SpendChange): Crossing {
    const { unit } = this;
    if (unit === "minutes") return this.spend(minutes);
    const of = (spend: RequestSpend | null): Taking | null =>
      spend === null ? null : { grains: spend[unit], atMs: spend.atMs };
    return this.replace({ was: of(was), is: of(is), isFinal });
  }

  /** A rolling budget that has emptied warns again when it fills up. */
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

/** Returns a copy of the current figures in tokens, dollars or minutes. */
export function naturalFigures(account: BudgetFigures): BudgetFigures {
  const { name, scope, unit, used, reserved, limit } = account;
  return {
    name,
    scope,
    unit,
    used: fromGrains(unit, used),
    reserved: fromGrains(unit, reserved),
    limit: limit === null ? null : fromGrains(unit, limit),
  };
}
