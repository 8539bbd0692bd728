import type { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { baseCommand } from "./base-command.ts";
import { SOLO_ROLE, type Work } from "./budget-request.ts";
import { type Amounts, toGrains } from "./budget-unit.ts";
import type { EnforcementMode } from "./budgets-file.ts";

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
  const of = (unit: BudgetUnit): number | null => {
    const found = limits.find(
      (limit) => limit.scope === scope && limit.name === name && limit.unit === unit,
    );
    return found === undefined ? null : toGrains(unit, found.limit);
  };
  return { tokens: of("tokens"), usd: of("usd"), minutes: of("minutes") };
}

/** Returns the least of a window's own cap and the limits of its command, its role and windows, grains. */
export function allowanceOf(
  limits: Pick<BudgetLimits, "limits">,
  { command, role = SOLO_ROLE, windowCap }: Work,
): Amounts {
  return leastOf([
    limitsOf(limits, { scope: "command", name: baseCommand(command) }),
    limitsOf(limits, { scope: "role", name: role }),
    limitsOf(limits, { scope: "window", name: "window" }),
    { tokens: windowCap, usd: null, minutes: null },
  ]);
}

/** Returns the least of several limits for each unit; null if all of them are null. */
export function leastOf(parts: readonly Amounts[]): Amounts {
  const of = (unit: BudgetUnit): number | null => {
    const limits = parts.map((part) => part[unit]).filter((limit) => limit !== null);
    return limits.length === 0 ? null : Math.min(...limits);
  };
  return { tokens: of("tokens"), usd: of("usd"), minutes: of("minutes") };
}
