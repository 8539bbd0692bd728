import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { Clock } from "../../ledger/domain/clock.ts";
import { BudgetAccount } from "./budget-account.ts";
import { type BudgetLimits, leastOf, limitsOf } from "./budget-limits.ts";
import { BUDGET_UNITS, type NOTHING, UNBOUNDED } from "./budget-unit.ts";
import { plainSum, rollingSum } from "./running-sum.ts";
import type { Spent } from "./spending-fold.ts";

/** Opens the accounts over all attempts: overall in every unit, then the limits of the period. */
export function openSharedAccounts({
  limits,
  spent,
  clock,
}: {
  readonly limits: BudgetLimits;
  readonly spent: Spent;
  readonly clock: Clock;
}): readonly BudgetAccount[] {
  const overall = { scope: "overall", name: "overall" } as const;
  const capped = limitsOf(limits, overall);
  return [
    ...BUDGET_UNITS.map(
      (unit) =>
        new BudgetAccount({ ...overall, unit, limit: capped[unit] }, plainSum(spent.overall[unit])),
    ),
    ...openPeriod(limits, spent, clock),
  ];
}

function openPeriod(
  limits: BudgetLimits,
  { requests }: Spent,
  clock: Clock,
): readonly BudgetAccount[] {
  const period = { scope: "period", name: "period" } as const;
  const capped = limitsOf(limits, period);
  const { periodMs: everyMs } = limits;
  if (everyMs === null) return [];
  return (["tokens", "usd"] as const)
    .filter((unit) => capped[unit] !== null)
    .map((unit) => {
      const taken = requests.map((one) => ({ atMs: one.atMs, grains: one[unit] }));
      const sum = rollingSum(taken, { everyMs, nowMs: () => clock.nowMs() });
      return new BudgetAccount({ ...period, unit, limit: capped[unit] }, sum);
    });
}

/** Opens the accounts of one attempt, in every unit: for its command, its role and its window. */
export function openAccounts({
  limits,
  work: { command, role, windowCap },
  used,
}: {
  readonly limits: BudgetLimits;
  readonly work: {
    readonly command: string;
    readonly role: string;
    readonly windowCap: number | null;
  };
  readonly used: typeof NOTHING;
}): readonly BudgetAccount[] {
  const window = limitsOf(limits, { scope: "window", name: "window" });
  const places = [
    {
      scope: "command",
      name: command,
      caps: limitsOf(limits, { scope: "command", name: command }),
    },
    { scope: "role", name: role, caps: limitsOf(limits, { scope: "role", name: role }) },
    {
      scope: "window",
      name: "window",
      caps: leastOf([window, { ...UNBOUNDED, tokens: windowCap }]),
    },
  ] as const;
  return places.flatMap(({ scope, name, caps }) =>
    BUDGET_UNITS.map(
      (unit: BudgetUnit) =>
        new BudgetAccount({ scope, name, unit, limit: caps[unit] }, plainSum(used[unit])),
    ),
  );
}
