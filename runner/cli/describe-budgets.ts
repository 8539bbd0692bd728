import { plainTable } from "../../reports/format/plain-table.ts";
import { sayDuration } from "../budgets/parse-duration.ts";
import type { ResolvedBudgets, SourcedLimit } from "../budgets/resolve-budgets.ts";
import { sayAmount } from "../budgets/say-amount.ts";

/** Every budget in a line, with where it came from; what governs them first. */
export function describeBudgets(budgets: ResolvedBudgets): string {
  const { mode, basis, parameterType, cut, periodMs, limits } = budgets;
  const overall = limits.some(({ scope, unit }) => scope === "overall" && unit === "tokens")
    ? []
    : [["overall", "unlimited", "default"]];
  return plainTable([
    ["BUDGET", "VALUE", "FROM"],
    ["mode", mode.value, mode.origin],
    ["basis", basis.value, basis.origin],
    ...unlessDefault("type", parameterType),
    ...unlessDefault("cut", cut),
    ...overall,
    ...limits.map((limit) => [nameOf(limit), sayLimit(limit, periodMs.value), limit.origin]),
  ]);
}

function unlessDefault(
  name: string,
  { value, origin }: ResolvedBudgets["cut"] | ResolvedBudgets["parameterType"],
): readonly (readonly string[])[] {
  return origin === "default" ? [] : [[name, value, origin]];
}

function nameOf({ scope, name }: SourcedLimit): string {
  return scope === "role" ? `role ${name}` : name;
}

function sayLimit({ scope, unit, limit, isHeld }: SourcedLimit, periodMs: number | null): string {
  const each = scope === "period" && periodMs !== null ? ` in ${sayDuration(periodMs)}` : "";
  return `${sayAmount(unit, limit)}${each}${isHeld ? "" : ", does not hold"}`;
}
