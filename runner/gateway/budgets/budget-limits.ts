import type { BudgetScope, BudgetUnit } from "../../../ledger/domain/budget-event.ts";
import type { TokenBasis } from "../../../ledger/domain/token-basis.ts";
import { type Amounts, perUnit, toGrains, UNBOUNDED } from "./budget-unit.ts";
import type { EnforcementMode } from "./budgets-file.ts";
import { baseCommand } from "./parse-budget.ts";

/** The role of an agent that works alone. */
export const SOLO_ROLE = "implementer";

/** The work of a window, and the role that does it. */
export interface Work {
  /** Absent: the work of a whole team, whose roles have commands of their own. */
  readonly command?: string;
  /** By default `SOLO_ROLE`. */
  readonly role?: string | undefined;
  /** What a workflow lets the role use in one window, grains; by default no more than the budgets do. */
  readonly roleCap?: Amounts | undefined;
  /** The task's own cap, tokens; null if it has none. */
  readonly windowCap: number | null;
  /** Whether its attempt continues after a refusal by the period. */
  readonly isOpenEnded?: boolean;
}

/** One limit: its scope, its unit and its amount. */
export interface BudgetLimit {
  readonly scope: BudgetScope;
  /** The base command, the role, or the scope's own name. */
  readonly name: string;
  readonly unit: BudgetUnit;
  /** Tokens of the basis, dollars or minutes; 0 allows nothing. */
  readonly limit: number;
}

/** All limits of a session. Anything not in the list is unlimited. */
export interface BudgetLimits {
  readonly mode: EnforcementMode;
  readonly basis: TokenBasis;
  readonly limits: readonly BudgetLimit[];
  /** The length of the rolling period; null if there is none. */
  readonly periodMs: number | null;
  /** `hard` ends a running stream that passes a limit; `none`, the default, lets it finish. */
  readonly cut?: "none" | "hard";
}

/** Returns the limits of one account in every unit, in grains. */
export function limitsOf(
  { limits }: Pick<BudgetLimits, "limits">,
  { scope, name }: Pick<BudgetLimit, "scope" | "name">,
): Amounts {
  return perUnit((unit) => {
    const found = limits.find(
      (limit) => limit.scope === scope && limit.name === name && limit.unit === unit,
    );
    return found === undefined ? null : toGrains(unit, found.limit);
  });
}

/** Returns the least of a window's own cap and the limits of its command, its role and windows, grains. */
export function allowanceOf(
  limits: Pick<BudgetLimits, "limits">,
  { command, role = SOLO_ROLE, roleCap = UNBOUNDED, windowCap }: Work,
): Amounts {
  const ofRole =
    command === undefined
      ? []
      : [
          limitsOf(limits, { scope: "command", name: baseCommand(command) }),
          limitsOf(limits, { scope: "role", name: role }),
          roleCap,
        ];
  return leastOf([
    ...ofRole,
    limitsOf(limits, { scope: "window", name: "window" }),
    { ...UNBOUNDED, tokens: windowCap },
  ]);
}

/** Returns the least of several limits for each unit; null if all of them are null. */
export function leastOf(parts: readonly Amounts[]): Amounts {
  return perUnit((unit) => {
    const limits = parts.map((part) => part[unit]).filter((limit) => limit !== null);
    return limits.length === 0 ? null : Math.min(...limits);
  });
}
