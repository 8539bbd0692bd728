import { isRetriableOutcome, type Outcome } from "../../ledger/domain/outcome.ts";

/** Attempts after which a window that can't be worked is final as missing. */
const ATTEMPTS_MAX = 3;

/** Whether an attempt's end is final: it is not to be tried again, or was tried often enough. */
export function isFinalAttempt(outcome: Outcome, attempt: number): boolean {
  return !isRetriableOutcome(outcome) || attempt >= ATTEMPTS_MAX;
}
