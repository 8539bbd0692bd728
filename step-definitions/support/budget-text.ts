import { debitsOf } from "./ledger-figures.ts";
import type { ExperimentWorld } from "./world.ts";

/** The lines of the preview's budgets, without their indent. */
export function budgetLinesIn(preview: string): readonly string[] {
  const [, block = ""] = preview.split("\nBudgets (");
  return block
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

export function budgetLineOf(preview: string, name: string): string {
  return budgetLinesIn(preview).find((line) => line.startsWith(`${name}  `)) ?? "";
}

/** Rows of tables, of a terminal or of markdown, with one bar between cells. */
export function tableRowsIn(text: string): readonly string[] {
  return text.split("\n").map((line) => {
    const cells = line.startsWith("|") ? line.split("|").slice(1, -1) : line.trim().split(/ {2,}/u);
    return cells.map((cell) => cell.trim()).join(" | ");
  });
}

/** What attempts took by the debits of the ledger, as it is to be shown. */
export function attemptTotals(
  world: ExperimentWorld,
  unit: string,
): { readonly attempts: string; readonly total: string; readonly dearest: string } {
  const attempts = Map.groupBy(debitsOf(world), (row) => `${row.window}.${String(row.attempt)}`);
  const sums = [...attempts.values()].map((debits) =>
    debits.reduce((sum, row) => sum + (unit === "usd" ? (row.delta_usd ?? 0) : row.delta), 0),
  );
  const say = (amount: number) => (unit === "usd" ? `$${amount.toFixed(4)}` : sayInFull(amount));
  return {
    attempts: String(attempts.size),
    total: say(sums.reduce((sum, amount) => sum + amount, 0)),
    dearest: say(Math.max(...sums)),
  };
}

/** Tokens to the last one, as a report has them. */
function sayInFull(tokens: number): string {
  return `${tokens.toLocaleString("en-US")} uncached`;
}
