import type { Clock } from "../../../ledger/domain/clock.ts";
import { emptyAtMs, sayMoment } from "../../../reports/text/budget-bar.ts";
import type { BudgetStatus } from "../../gateway/budgets/budget-status.ts";

interface ForecastParts {
  /** The budgets as the session found them. */
  readonly start: readonly BudgetStatus[];
  readonly clock: Clock;
  /** How far back the rolling period reaches; null without one. */
  readonly periodMs: number | null;
  /** By default the machine's. */
  readonly timeZone?: string;
}

/**
 * Says when a budget over all attempts is empty at the pace of this session, e.g.
 * `, at this pace empty at 14:20`; nothing without a pace, or if it would never be empty.
 */
export function forecaster({ start, clock, periodMs, timeZone }: ForecastParts) {
  const startMs = clock.monotonicMs();
  return (budget: BudgetStatus, now: readonly BudgetStatus[]): string => {
    const { scope, unit, used, limit } = budget;
    const nowMs = clock.nowMs();
    // A period forgets old spending, and the overall budget does not.
    const taken = Math.max(
      takenOf({ scope, unit }, start, now),
      takenOf({ scope: "overall", unit }, start, now),
    );
    const spanMs = clock.monotonicMs() - startMs;
    const everyMs = scope === "period" ? periodMs : null;
    const atMs = emptyAtMs({ used, limit, taken, spanMs, everyMs }, nowMs);
    return atMs === null ? "" : `, at this pace empty at ${sayMoment(atMs, nowMs, timeZone)}`;
  };
}

function takenOf(
  which: Pick<BudgetStatus, "scope" | "unit">,
  start: readonly BudgetStatus[],
  now: readonly BudgetStatus[],
): number {
  const usedIn = (status: readonly BudgetStatus[]) =>
    status.find(({ scope, unit }) => scope === which.scope && unit === which.unit)?.used ?? 0;
  return usedIn(now) - usedIn(start);
}
