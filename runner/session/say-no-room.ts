import { BudgetBook } from "../budgets/budget-book.ts";
import { toLimits } from "../budgets/resolve-budgets.ts";
import { rolesIn } from "../config/configuration.ts";
import type { Environment } from "../environment.ts";
import type { Experiment } from "./prepare-experiment.ts";
import { allowanceOf, createBudgetGate } from "./session-budget-gate.ts";

/** Why not even the first windows fit the budgets while nothing is spent; null if they fit. */
export function sayNoRoom(
  { plan, tasks, configuration }: Experiment,
  { clock }: Pick<Environment, "clock">,
): string | null {
  const windows = plan.sets[0]?.windows ?? [];
  const roles = new Map(configuration.providers.map((one) => [one.id, rolesIn(one)]));
  const rolesOf = (id: string) => roles.get(id) ?? 1;
  const book = new BudgetBook({
    limits: toLimits(configuration.budgets),
    clock,
    onEvent: () => {},
  });
  const parts = { book, tasks, rolesOf, catchUp: () => {} };
  const decision = createBudgetGate(parts).check(windows);
  if (!decision.mayStart) return decision.sentence;
  const isIdle = windows.every((planned) => Object.values(allowanceOf(planned, parts)).includes(0));
  if (!isIdle || book.limits.mode !== "block") return null;
  return "A budget of 0 lets no window send a request. Raise it, or leave it out.";
}
