import { BudgetDebited, BudgetReserved } from "../../ledger/domain/budget-event.ts";
import type { ExperimentWorld } from "./world.ts";

/** Budget rows that move tokens, in the order of their writing. */
export function movementsOf(world: ExperimentWorld): readonly (BudgetReserved | BudgetDebited)[] {
  return world.rows("budgets").flatMap((row): readonly (BudgetReserved | BudgetDebited)[] => {
    if (row.record === "budget_reserved") return [BudgetReserved.parse(row)];
    return row.record === "budget_debited" ? [BudgetDebited.parse(row)] : [];
  });
}

export function reservationsOf(world: ExperimentWorld): readonly BudgetReserved[] {
  return world.rowsOf("budgets", "budget_reserved").map((row) => BudgetReserved.parse(row));
}

export function debitsOf(world: ExperimentWorld): readonly BudgetDebited[] {
  return world
    .rowsOf("budgets", "budget_debited")
    .map((row) => BudgetDebited.parse(row))
    .filter(({ unit }) => unit !== "minutes");
}

/** All that was ever spent, tokens of the recorded basis. */
export function spentOf(world: ExperimentWorld): number {
  return debitsOf(world).reduce((sum, { delta }) => sum + delta, 0);
}

/** Tokens spent or reserved right after each reservation, of those movements that a filter lets in. */
export function peaks(movements: readonly (BudgetReserved | BudgetDebited)[]): readonly number[] {
  const held = new Map<string, { readonly reserved: number; total: number }>();
  let spent = 0;
  const seen: number[] = [];
  for (const movement of movements) {
    if (movement.record === "budget_reserved") {
      held.set(movement.reservation, { reserved: movement.tokens, total: 0 });
      const open = [...held.values()].map(({ reserved, total }) => Math.max(0, reserved - total));
      seen.push(spent + open.reduce((sum, tokens) => sum + tokens, 0));
      continue;
    }
    spent += movement.delta;
    const flight = held.get(movement.reservation);
    if (movement.is_final) held.delete(movement.reservation);
    else if (flight !== undefined) flight.total = movement.total;
  }
  return seen;
}
