import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { nextAttempt } from "../../ledger/views/progress.ts";
import type { PlannedWindow } from "../assignment/plan.ts";
import type { Task } from "../bank/task.ts";
import type { BudgetRefusal } from "../budgets/budget-attempt.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import type { BudgetGate } from "./budget-gate.ts";

interface GateParts {
  readonly book: BudgetBook;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly view: ExperimentView;
}

/** Asks the budget book whether what windows may take fits what is left overall. */
export function createBudgetGate({ book, tasks, view }: GateParts): BudgetGate {
  return {
    check: (windows) => {
      const allowances = windows.map(({ command, featureId }) =>
        book.allowance(command, tasks.get(featureId)?.tokensMax ?? null),
      );
      const isUnbounded = allowances.includes(null);
      const allowance = allowances.reduce<number>((sum, each) => sum + (each ?? 0), 0);
      const fit = book.fits(isUnbounded ? null : allowance);
      if (fit.fits) return { mayStart: true };
      const { refusal, mayFitLater } = fit;
      return {
        mayStart: false,
        mayFitLater,
        sentence: describeRefusal(windows, refusal),
        record: () => {
          for (const window of windows.slice(0, 1)) {
            book.refuseWindow(keyOf(window, view), refusal);
          }
        },
      };
    },
  };
}

function keyOf(planned: PlannedWindow, view: ExperimentView) {
  return {
    experiment_id: view.experimentId,
    window: planned.window,
    attempt: nextAttempt(view, planned.window),
    provider: planned.provider,
    feature_id: planned.featureId,
    replicate: planned.replicate,
    period: planned.period,
  };
}

function describeRefusal(
  windows: readonly PlannedWindow[],
  { requested, limit, used }: BudgetRefusal,
): string {
  const names = windows.map(({ window }) => window).join(" and ");
  const left = Math.max(0, limit - used);
  return (
    `${names} may take ${String(requested)} tokens; of the overall budget of ${String(limit)}, ` +
    `${String(left)} are left. Raise --overall-token-budget and go on with --resume.`
  );
}
