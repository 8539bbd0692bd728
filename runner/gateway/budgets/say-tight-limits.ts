import type { Usage } from "../../../ledger/domain/usage.ts";
import type { BudgetLimit, BudgetLimits } from "./budget-limits.ts";
import { sayAmount } from "./budget-unit.ts";
import { FIRST_OUTPUT_TOKENS } from "./largest-outputs.ts";

/** Those of commands and roles are for other agents too. */
const OF_EVERY_AGENT: ReadonlySet<string> = new Set(["overall", "period", "window"]);
const LEAST: Usage = { input_uncached: 1, output: FIRST_OUTPUT_TOKENS, requests: 1 };

/**
 * Sentences about limits that are smaller than the reservation for a first answer.
 * @param costs what a usage costs with each model that may be asked; null: unknown.
 */
export function sayTightLimits(
  { mode, limits }: Pick<BudgetLimits, "mode" | "limits">,
  costs: readonly ((usage: Usage) => number | null)[],
): readonly string[] {
  if (mode !== "block") return [];
  const dollars = Math.min(...costs.map((cost) => cost(LEAST) ?? Infinity));
  const least = { tokens: FIRST_OUTPUT_TOKENS + 1, usd: dollars, minutes: 0 };
  const tight = limits.filter(
    ({ scope, unit, limit }) =>
      OF_EVERY_AGENT.has(scope) && limit > 0 && limit < least[unit] && Number.isFinite(least[unit]),
  );
  return tight.map(sayTight);
}

function sayTight({ name, unit, limit }: BudgetLimit): string {
  return `The ${name} budget of ${sayAmount(unit, limit)} has room for a provider's first request only if it limits its answer: ${String(FIRST_OUTPUT_TOKENS)} tokens are reserved otherwise.`;
}
