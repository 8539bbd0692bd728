import type { TokenBasis } from "../../ledger/domain/token-basis.ts";
import type { BudgetFigures } from "./budget-account.ts";
import type { BudgetBook } from "./budget-book.ts";

/** One budget as the progress display and the preview show it. */
export interface BudgetStatus extends BudgetFigures {
  readonly basis: TokenBasis;
  /** Whose command's or window's budget it is; null for the overall one. */
  readonly window: string | null;
  readonly attempt: number | null;
}

/** The overall budget first, then the command's and the window's of each open attempt. */
export function budgetStatus(book: BudgetBook): readonly BudgetStatus[] {
  const { basis } = book.limits;
  const overall = { ...figuresOf(book.overall), basis, window: null, attempt: null };
  const ofAttempts = book.openAttempts().flatMap(({ key, accounts }) =>
    accounts
      .filter(({ scope }) => scope !== "overall")
      .map((account) => ({
        ...figuresOf(account),
        basis,
        window: key.window,
        attempt: key.attempt,
      })),
  );
  return [overall, ...ofAttempts];
}

/** The figures as they stand now: an account goes on changing. */
function figuresOf({ name, scope, used, reserved, limit }: BudgetFigures): BudgetFigures {
  return { name, scope, used, reserved, limit };
}
