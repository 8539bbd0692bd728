import type { TokenBasis } from "../../../ledger/domain/token-basis.ts";
import { type BudgetFigures, naturalFigures } from "./budget-account.ts";
import type { BudgetRefusal } from "./budget-attempt.ts";
import type { BudgetBook } from "./budget-book.ts";

/** A budget for the progress display and the status: tokens of the basis, dollars or minutes. */
export interface BudgetStatus extends BudgetFigures {
  readonly basis: TokenBasis;
  /** The window whose command, role or own budget it is; null for budgets over all attempts. */
  readonly window: string | null;
  readonly attempt: number | null;
  /** The refusal that this budget caused and that holds for the attempt; null if none. */
  readonly refusal: BudgetRefusal | null;
}

/**
 * Lists the budgets over all attempts, then those of each open attempt. Tokens are listed even without a
 * limit (except for roles), dollars and minutes only with one.
 */
export function budgetStatus(book: BudgetBook): readonly BudgetStatus[] {
  const { basis } = book.limits;
  const attempts = book.openAttempts();
  const statusOf = (account: BudgetFigures, refusal: BudgetRefusal | null) => ({
    ...naturalFigures(account),
    basis,
    window: null,
    attempt: null,
    refusal,
  });
  const shared = book.shared.filter(isShown).map((account) => {
    const refusals = attempts.map(({ refusal }) => refusalOf(account, refusal));
    return statusOf(account, refusals.find((one) => one !== null) ?? null);
  });
  const ofAttempts = attempts.flatMap(({ key: { window, attempt }, accounts, refusal }) =>
    accounts
      .filter((account) => isShown(account) && !book.shared.includes(account))
      .map((account) => ({ ...statusOf(account, refusalOf(account, refusal)), window, attempt })),
  );
  return [...shared, ...ofAttempts];
}

function isShown({ limit, unit, scope }: BudgetFigures): boolean {
  return limit !== null || (unit === "tokens" && scope !== "role");
}

function refusalOf(
  { scope, unit }: BudgetFigures,
  refusal: BudgetRefusal | null,
): BudgetRefusal | null {
  return refusal?.scope === scope && refusal.unit === unit ? refusal : null;
}
