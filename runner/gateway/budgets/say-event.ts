import type {
  BudgetEvent,
  BudgetRefused,
  BudgetWarned,
} from "../../../ledger/domain/budget-event.ts";
import { sayAmount } from "./budget-unit.ts";

const WHOLE = 100;

/** Returns the sentence for a row of `budgets.jsonl`; null for rows that only move amounts. */
export function sayBudgetEvent(event: BudgetEvent): string | null {
  switch (event.record) {
    case "budget_refused":
      return sayRefusal(event);
    case "budget_warned": {
      const { window, budget, threshold_percent: percent, used, limit, unit = "tokens" } = event;
      // A limit of 0 has no percentages.
      if (limit === 0) return percent === WHOLE ? sayBeyondNothing(event) : null;
      return `${window}: ${String(percent)} % of the ${budget} budget reached: ${sayUse(used, limit, unit)}${sayBasis(event)}.`;
    }
    case "budget_reserved":
    case "budget_debited":
    case "budget_breached":
      return null;
  }
}

function sayRefusal(event: BudgetRefused): string {
  const { window, budget, used, limit, reserved, requested, unit = "tokens" } = event;
  if (limit === 0) {
    return `${window}: refused by the ${budget} budget of ${sayAmount(unit, 0)}, which allows nothing.`;
  }
  if (event.unpriced_model !== undefined) {
    return `${window}: refused by the ${budget} budget: no price for ${event.unpriced_model}. ${sayUse(used, limit, unit)} are used.`;
  }
  const asked = unit === "minutes" ? "" : `, ${sayAmount(unit, requested)} more asked for`;
  const held = reserved === 0 ? "" : `, ${sayAmount(unit, reserved)} set aside`;
  const frees = typeof event.frees_at === "string" ? `; there is room at ${event.frees_at}` : "";
  return `${window}: refused by the ${budget} budget: ${sayUse(used, limit, unit)} used${sayBasis(event)}${held}${asked}${frees}.`;
}

function sayBeyondNothing({ window, budget, unit = "tokens" }: BudgetWarned): string {
  return `${window}: the ${budget} budget of ${sayAmount(unit, 0)} allows nothing, and is passed.`;
}

function sayUse(used: number, limit: number, unit: Parameters<typeof sayAmount>[0]): string {
  return `${unit === "tokens" ? String(used) : sayAmount(unit, used)} of ${sayAmount(unit, limit)}`;
}

/** Names the basis wherever tokens are shown. */
function sayBasis({ unit = "tokens", basis }: Pick<BudgetRefused, "unit" | "basis">): string {
  return unit === "tokens" ? ` (${basis})` : "";
}
