import type { BudgetLine, Budgets } from "../report/budget-data.ts";

const DURATIONS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** The owner of a budget: `overall`, `period of 5h`, `/implement (dearest attempt)`. */
export function budgetName({ scope, name }: BudgetLine, { period_ms }: Budgets): string {
  if (scope === "overall") return name;
  if (scope === "period") return period_ms === null ? name : `period of ${durationText(period_ms)}`;
  return `${scope === "role" ? "role " : ""}${name} (dearest attempt)`;
}

/** Milliseconds as a limit is written: `5h`, `90m`. */
function durationText(ms: number): string {
  const [unit, size] = DURATIONS.find(([, one]) => ms % one === 0) ?? ["s", 1000];
  return `${String(ms / size)}${unit}`;
}

/** The budgets that are drawn: those with a limit, and always tokens over all and by command. */
export function drawnBudgets({ lines }: Budgets): readonly BudgetLine[] {
  return lines.filter(
    ({ limit, unit, scope }) =>
      limit !== null || (unit === "tokens" && (scope === "overall" || scope === "command")),
  );
}
