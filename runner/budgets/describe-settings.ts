import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { ResolvedBudgets, Sourced } from "./resolve-budgets.ts";

/**
 * The budgets as a session's row keeps them: all limits as a list, and those of tokens over all and
 * by command also as they were kept before there were others.
 */
export function describeBudgetSettings(budgets: ResolvedBudgets) {
  const tokens = ofTokens(budgets);
  return {
    mode: budgets.mode,
    basis: budgets.basis,
    overall: tokens.overall,
    commands: tokens.commands,
    parameter_type: budgets.parameterType,
    cut: budgets.cut,
    ...(budgets.hasVisuals.value ? {} : { has_visuals: false }),
    period_ms: budgets.periodMs,
    limits: budgets.limits.map(({ scope, name, unit, limit, origin, isHeld }) => ({
      scope,
      name,
      unit,
      limit,
      origin,
      is_held: isHeld,
    })),
  };
}

function ofTokens({ limits }: ResolvedBudgets) {
  const unit: BudgetUnit = "tokens";
  const held = limits.filter((limit) => limit.unit === unit && limit.isHeld);
  const overall = held.find(({ scope }) => scope === "overall");
  const unlimited: Sourced<number | null> = { value: null, origin: "default" };
  return {
    overall: overall === undefined ? unlimited : { value: overall.limit, origin: overall.origin },
    commands: Object.fromEntries(
      held
        .filter(({ scope }) => scope === "command")
        .map(({ name, limit, origin }) => [name, { value: limit, origin }]),
    ),
  };
}
