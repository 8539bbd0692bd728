import { LIMIT_DOORS, NAMED_DOORS } from "./budget-doors.ts";
import { BudgetTextError } from "./errors.ts";

const BUDGET_VARIABLE = /^COUNTERBALANCE_.*(?:BUDGET|PERIOD)/u;

/**
 * A budget under a name that nobody reads would be no budget, in silence.
 * @param known variables beside those of limits.
 * @throws BudgetTextError naming the variable and those there are.
 */
export function refuseUnknownVariables(
  variables: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): void {
  const limits = [...LIMIT_DOORS, ...NAMED_DOORS].map(({ variable }) => variable);
  const read = new Set([...limits, ...known]);
  const unknown = Object.keys(variables).find(
    (name) => variables[name] !== undefined && BUDGET_VARIABLE.test(name) && !read.has(name),
  );
  if (unknown === undefined) return;
  throw new BudgetTextError(
    `environment ${unknown}: expected the name of a budget, got one that nobody reads. Write one of ${[...read].toSorted().join(", ")}, or unset the variable.`,
  );
}
