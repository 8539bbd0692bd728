import type { Refusal } from "../proxy/admission.ts";
import type { TurnId } from "./budget-attempt.ts";
import type { BudgetBook } from "./budget-book.ts";
import { toldRefusal } from "./refusal-sentence.ts";

/** The longest delay before a spent limit of minutes is noticed. */
const LOOK_EVERY_MS = 200;

/**
 * Watches the time of an open attempt, even while it sends no requests, and calls `onSpent` once when
 * the time is used up. Without a limit of minutes it does nothing.
 * @returns a function that stops watching.
 */
export function watchMinutes(
  book: BudgetBook,
  key: TurnId,
  onSpent: (refusal: Refusal) => void,
): () => void {
  if (!book.isTimed) return () => undefined;
  const timer = setInterval(() => {
    const refusal = book.checkTime(key);
    if (refusal === null) return;
    clearInterval(timer);
    onSpent(toldRefusal(refusal));
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
