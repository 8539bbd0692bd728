import type { BudgetScope, BudgetUnit } from "../../../ledger/domain/budget-event.ts";
import type { Clock } from "../../../ledger/domain/clock.ts";
import { type BudgetLimits, leastOf, limitsOf } from "./budget-limits.ts";
import { type Amounts, BUDGET_UNITS, fromGrains, type NOTHING, UNBOUNDED } from "./budget-unit.ts";
import { plainSum, rollingSum, type RunningSum } from "./running-sum.ts";
import type { SpendChange, Spent } from "./spending-fold.ts";

const LOWEST_PERCENT = 70;
const THRESHOLDS_PERCENT = [LOWEST_PERCENT, 90, 100] as const;

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

/** The state of a budget after a debit, and the thresholds that the debit was the first to reach. */
export interface Crossing extends BudgetFigures {
  readonly thresholdsPercent: readonly number[];
  readonly isBreach: boolean;
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

  /**
   * Returns the grains that can still be reserved, at least 0.
   * @param freed counts as if it were neither used nor reserved.
   */
  room(freed = 0): number {
    if (this.limit === null) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.limit - this.used - this.#reserved + freed);
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
   * Counts the change that a row of another process made. A request in flight causes no warning, because
   * it may turn out to use less.
   */
  absorb({ was, is, isFinal, minutes }: SpendChange): Crossing {
    const { unit } = this;
    if (unit === "minutes") return this.spend(minutes);
    this.#forgetWhatExpired();
    if (was !== null) this.#sum.add(-was[unit], was.atMs);
    if (is !== null) this.#sum.add(is[unit], is.atMs);
    return isFinal ? this.#latchCrossing() : this.#crossing([], false);
  }

  /** Another process has warned about the threshold, or has recorded the breach (null). */
  hear(percent: number | null): void {
    if (percent === null) this.#isBreached = true;
    else this.#warnedPercent = Math.max(this.#warnedPercent, percent);
  }

  /** A rolling budget warns again if it was below every threshold, and not each time it wavers around one. */
  #forgetWhatExpired(): void {
    const { limit, used, scope } = this;
    if (limit === null || scope !== "period") return;
    if (used > 0 && used * 100 >= limit * LOWEST_PERCENT) return;
    this.#isBreached = false;
    this.#warnedPercent = 0;
  }

  #latchCrossing(): Crossing {
    const { limit, used } = this;
    if (limit === null || used === 0) return this.#crossing([], false);
    const thresholdsPercent = THRESHOLDS_PERCENT.filter(
      (percent) => percent > this.#warnedPercent && used * 100 >= limit * percent,
    );
    this.#warnedPercent = thresholdsPercent.at(-1) ?? this.#warnedPercent;
    const isBreach = !this.#isBreached && used > limit;
    this.#isBreached ||= isBreach;
    return this.#crossing(thresholdsPercent, isBreach);
  }

  #crossing(thresholdsPercent: readonly number[], isBreach: boolean): Crossing {
    const { name, scope, unit, limit, used, reserved } = this;
    return { name, scope, unit, limit, used, reserved, thresholdsPercent, isBreach };
  }
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

/** Opens the accounts over all attempts: overall in every unit, then the limits of the period. */
export function openSharedAccounts(
  limits: BudgetLimits,
  spent: Spent,
  clock: Clock,
): readonly BudgetAccount[] {
  const overall = { scope: "overall", name: "overall" } as const;
  const period = { scope: "period", name: "period" } as const;
  const capped = limitsOf(limits, period);
  const { periodMs: everyMs } = limits;
  const rolling = everyMs === null ? [] : (["tokens", "usd"] as const);
  return [
    ...openEach(overall, limitsOf(limits, overall), spent.overall),
    ...rolling
      .filter((unit) => capped[unit] !== null)
      .map((unit) => {
        const taken = spent.requests.map((one) => ({ atMs: one.atMs, grains: one[unit] }));
        const sum = rollingSum(taken, { everyMs: everyMs ?? 0, nowMs: () => clock.nowMs() });
        return new BudgetAccount({ ...period, unit, limit: capped[unit] }, sum);
      }),
  ];
}

/** Opens the accounts of one attempt, in every unit: for its command, its role and its window. */
export function openAccounts(
  limits: BudgetLimits,
  { command, role, roleCap, windowCap }: OwnLimits,
  used: typeof NOTHING,
): readonly BudgetAccount[] {
  const places = [
    { scope: "command", name: command },
    { scope: "role", name: role },
    { scope: "window", name: "window" },
  ] as const;
  const own = {
    command: UNBOUNDED,
    role: roleCap,
    window: { ...UNBOUNDED, tokens: windowCap },
  };
  return places.flatMap((place) => {
    const caps = leastOf([limitsOf(limits, place), own[place.scope]]);
    return openEach(place, caps, used);
  });
}

interface OwnLimits {
  readonly command: string;
  readonly role: string;
  /** Grains. */
  readonly roleCap: Amounts;
  /** Tokens; null if there is no cap. */
  readonly windowCap: number | null;
}

function openEach(
  place: Pick<BudgetFigures, "name" | "scope">,
  caps: Amounts,
  used: typeof NOTHING,
): readonly BudgetAccount[] {
  return BUDGET_UNITS.map(
    (unit) => new BudgetAccount({ ...place, unit, limit: caps[unit] }, plainSum(used[unit])),
  );
}
