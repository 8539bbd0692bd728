import { BudgetDebited, BudgetReserved } from "../../ledger/domain/budget-event.ts";
import { type TokenBasis, tokensIn } from "../../ledger/domain/token-basis.ts";

/**
 * Tokens that an experiment has spent by its rows of `budgets.jsonl`, oldest first: what a further
 * session's book starts from. A request that a crash left unsettled counts with its reservation.
 * Where the basis was amended, debits are read in the new one by their token classes; one without
 * them counts as it was recorded.
 */
export function spentSoFar(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  { experimentId, basis }: { readonly experimentId: string; readonly basis: TokenBasis },
): number {
  const unsettled = new Map<string, number>();
  let settled = 0;
  for (const row of rows) {
    if (row["experiment_id"] !== experimentId) continue;
    if (row["record"] === "budget_reserved") {
      const { reservation, tokens } = BudgetReserved.parse(row);
      unsettled.set(reservation, tokens);
    } else if (row["record"] === "budget_debited") {
      const debit = BudgetDebited.parse(row);
      const reserved = unsettled.get(debit.reservation) ?? 0;
      if (debit.is_final) {
        unsettled.delete(debit.reservation);
        settled += totalIn(basis, debit);
      } else {
        unsettled.set(debit.reservation, Math.max(reserved, debit.total));
      }
    }
  }
  return unsettled.values().reduce((sum, tokens) => sum + tokens, settled);
}

function totalIn(basis: TokenBasis, debit: BudgetDebited): number {
  if (debit.basis === basis || debit.usage === undefined) return debit.total;
  const told = tokensIn(basis, debit.usage);
  return debit.is_estimated === true ? Math.max(debit.total, told) : told;
}
