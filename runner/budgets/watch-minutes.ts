import type { AttemptId, BudgetRefusal } from "./budget-attempt.ts";
import type { BudgetBook } from "./budget-book.ts";

/** How late a limit of minutes may be noticed. */
const LOOK_EVERY_MS = 200;

/**
 * Looks at an open attempt's clock, also while it asks no model, and tells once when its time is
 * used up. Without a limit of minutes there is nothing to look at.
 * @returns what ends the looking.
 */
export function watchMinutes({
  book,
  key,
  onSpent,
}: {
  readonly book: BudgetBook;
  readonly key: AttemptId;
  readonly onSpent: (refusal: BudgetRefusal) => void;
}): () => void {
  if (book.limits.limits.every(({ unit }) => unit !== "minutes")) return () => undefined;
  const timer = setInterval(() => {
    const refusal = book.checkTime(key);
    if (refusal === null) return;
    clearInterval(timer);
    onSpent(refusal);
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
