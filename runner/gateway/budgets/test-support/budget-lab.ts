import type { Clock } from "../../../../ledger/domain/clock.ts";
import type { BudgetLimit, BudgetLimits } from "../budget-limits.ts";
import { type Amounts, UNBOUNDED } from "../budget-unit.ts";
import { NOTHING_SPENT, type Spent } from "../spending-fold.ts";

/** A clock that stops until it is moved; both of its faces show the same. */
export class StillClock implements Clock {
  ms = 0;
  nowMs(): number {
    return this.ms;
  }
  monotonicMs(): number {
    return this.ms;
  }
}

/** The attempt's place in the design. Windows differ in nothing else. */
export function keyOf(window = "W0-01", attempt = 1) {
  return {
    experiment_id: "0123456789ab",
    window,
    attempt,
    provider: "large",
    feature_id: "lru-cache",
    replicate: 1,
    period: 1,
  };
}

/** Limits of tokens as they are most often wanted; other ones as a list. */
export function limitsWith({
  overall = null,
  command = null,
  more = [],
  ...rest
}: Partial<Omit<BudgetLimits, "limits">> & {
  readonly overall?: number | null;
  /** The limit of `/implement`. */
  readonly command?: number | null;
  readonly more?: readonly BudgetLimit[];
} = {}): BudgetLimits {
  return {
    mode: "block",
    basis: "uncached",
    periodMs: null,
    limits: [
      ...ofTokens("overall", "overall", overall),
      ...ofTokens("command", "/implement", command),
      ...more,
    ],
    ...rest,
  };
}

function ofTokens(
  scope: "overall" | "command",
  name: string,
  limit: number | null,
): readonly BudgetLimit[] {
  return limit === null ? [] : [{ scope, name, unit: "tokens", limit }];
}

/** An amount of tokens with an unknown cost. */
export function tokens(amount: number): { readonly tokens: number; readonly usd: null } {
  return { tokens: amount, usd: null };
}

/** What an answer stated, if it stated tokens alone; null: nothing. */
export function told(amount: number | null): {
  readonly tokens: number | null;
  readonly usd: null;
} {
  return { tokens: amount, usd: null };
}

export function allowanceOf(amount: number | null): Amounts {
  return { ...UNBOUNDED, tokens: amount };
}

export function spentTokens(amount: number): Spent {
  return { ...NOTHING_SPENT, overall: { tokens: amount, usd: 0, minutes: 0 } };
}
