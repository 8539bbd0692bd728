import type { BudgetScope } from "../../ledger/domain/budget-event.ts";

const THRESHOLDS_PERCENT = [70, 90, 100] as const;

/** What can be read off a budget at any moment; tokens of the book's basis. */
export interface BudgetFigures {
  /** `overall`, `window`, or the base command. */
  readonly name: string;
  readonly scope: BudgetScope;
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

/** One limit and what has been taken from it. */
export class BudgetAccount implements BudgetFigures {
  readonly name: string;
  readonly scope: BudgetScope;
  readonly limit: number | null;
  #used: number;
  #reserved = 0;
  /** The highest percentage that was warned of. */
  #warnedPercent = 0;
  #isBreached = false;

  constructor({ name, scope, limit, used }: Omit<BudgetFigures, "reserved">) {
    this.name = name;
    this.scope = scope;
    this.limit = limit;
    this.#used = used;
    // What an earlier session reached, it has warned of.
    this.#latchCrossing();
  }

  get used(): number {
    return this.#used;
  }

  get reserved(): number {
    return this.#reserved;
  }

  /** Tokens that may still be set aside, never below 0. */
  room(): number {
    if (this.limit === null) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.limit - this.#used - this.#reserved);
  }

  reserve(tokens: number): void {
    this.#reserved += tokens;
  }

  release(tokens: number): void {
    this.#reserved -= tokens;
  }

  /** Counts tokens as used, and says which thresholds were reached for the first time. */
  spend(tokens: number): Crossing {
    this.#used = Math.min(Number.MAX_SAFE_INTEGER, this.#used + tokens);
    return this.#latchCrossing();
  }

  #latchCrossing(): Crossing {
    const { limit } = this;
    const used = this.#used;
    if (limit === null || used === 0) return { thresholdsPercent: [], isBreach: false };
    const thresholdsPercent = THRESHOLDS_PERCENT.filter(
      (percent) => percent > this.#warnedPercent && used * 100 >= limit * percent,
    );
    this.#warnedPercent = thresholdsPercent.at(-1) ?? this.#warnedPercent;
    const isBreach = !this.#isBreached && used > limit;
    this.#isBreached ||= isBreach;
    return { thresholdsPercent, isBreach };
  }
}
