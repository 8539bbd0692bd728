import type { TokenBasis } from "../../ledger/domain/token-basis.ts";
import type { BudgetFigures } from "./budget-account.ts";
import type { BudgetRefusal } from "./budget-attempt.ts";
import type { BudgetBook } from "./budget-book.ts";
import { naturalFigures } from "./natural-figures.ts";

/** One budget as the progress display and the status show it: tokens of the basis, dollars or minutes. */
export interface BudgetStatus extends BudgetFigures {
  readonly basis: TokenBasis;
  /** Whose command's, role's or window's budget it is; null for those over all attempts. */
  readonly window: string | null;
  readonly attempt: number | null;
  /** The refusal that it made and that holds for its attempt; null where it made none. */
  readonly refusal: BudgetRefusal | null;
}

/**
 * Those over all attempts first, then those of each open attempt. Tokens are there also where they
 * are unlimited (but for roles), dollars and minutes only where they are not.
 */
export function budgetStatus(book: BudgetBook): readonly BudgetStatus[] {
  const { basis } = book.limits;
  const attempts = book.openAttempts();
  const shared = book.shared.filter(isShown).map((account) => ({
    ...naturalFigures(account),
    basis,
    window: null,
    attempt: null,
    refusal: attempts.map(({ refusal }) => refusalOf(account, refusal)).find(isThere) ?? null,
  }));
  const ofAttempts = attempts.flatMap(({ key, accounts, refusal }) =>
    accounts
      .filter((account) => isShown(account) && !book.shared.includes(account))
      .map((account) => ({
        ...naturalFigures(account),
        basis,
        window: key.window,
        attempt: key.attempt,
        refusal: refusalOf(account, refusal),
      })),
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

function isThere(refusal: BudgetRefusal | null): refusal is BudgetRefusal {
  return refusal !== null;
}
