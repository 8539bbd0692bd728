import { plainTable } from "../../../../reports/text/plain-table.ts";
import { sayAmount } from "../../../gateway/budgets/budget-unit.ts";
import { sayDuration, UNIT_FORM, UNLIMITED } from "../../../gateway/budgets/parse-budget.ts";
import type { ResolvedBudgets, SourcedLimit } from "../../../gateway/budgets/resolve-budgets.ts";

/** A line for each budget, with its source, after the settings that hold for all of them. */
export function describeBudgets(budgets: ResolvedBudgets, columns?: number): string {
  const { mode, basis, parameterType, cut, overallScope, hasVisuals } = budgets;
  const { periodMs, limits, unlimited } = budgets;
  const isSaid = [...limits, ...unlimited].some(
    ({ scope, unit }) => scope === "overall" && unit === "tokens",
  );
  const rows = [
    ["BUDGET", "VALUE", "FROM"],
    ["mode", mode.value, mode.origin],
    ["basis", basis.value, basis.origin],
    ["type", parameterType.value, parameterType.origin],
    ["cut", cut.value, cut.origin],
    ["bars", hasVisuals.value ? "yes" : "no", hasVisuals.origin],
    ["period", periodMs.value === null ? "none" : sayDuration(periodMs.value), periodMs.origin],
    ...(overallScope.value === "own" ? [["overall scope", "own", overallScope.origin]] : []),
    ...(isSaid ? [] : [["overall", UNLIMITED, "default"]]),
    ...limits.map((limit) => [nameOf(limit), sayLimit(limit, budgets), limit.origin]),
    ...unlimited.map((one) => [nameOf(one), sayUnlimited(one), one.origin]),
  ];
  return plainTable(rows, { columns });
}

function nameOf({ scope, name }: Pick<SourcedLimit, "scope" | "name">): string {
  return scope === "role" ? `role ${name}` : name;
}

/** The unit is named unless it is tokens. */
function sayUnlimited({ unit }: Pick<SourcedLimit, "unit">): string {
  return unit === "tokens" ? UNLIMITED : `${UNLIMITED} ${UNIT_FORM[unit]}`;
}

/** Every number of tokens names the basis. */
function sayLimit(
  { scope, unit, limit, isHeld }: SourcedLimit,
  { basis, periodMs: { value: periodMs } }: ResolvedBudgets,
): string {
  const counted = unit === "tokens" ? ` (${basis.value})` : "";
  const each = scope === "period" && periodMs !== null ? ` in ${sayDuration(periodMs)}` : "";
  return `${sayAmount(unit, limit)}${counted}${each}${isHeld ? "" : ", does not hold"}`;
}
