import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { nextAttempt } from "../../../ledger/views/progress.ts";
import type { BudgetRefusal } from "../../gateway/budgets/budget-attempt.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import {
  type Amounts,
  perUnit,
  sumOf,
  sayAmount,
  toGrains,
  UNBOUNDED,
} from "../../gateway/budgets/budget-unit.ts";
import type { Fit } from "../../gateway/budgets/check-room.ts";
import { sayDuration } from "../../gateway/budgets/parse-budget.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { windowKey } from "../windows/window-worker.ts";

/** Whether windows may start now, or later, or not at all in this session. */
export type StartDecision =
  | { readonly mayStart: true }
  | {
      readonly mayStart: false;
      /** Running windows may leave enough, or time may free it: ask again. */
      readonly mayFitLater: boolean;
      /** The wait in a sentence if time frees the budget; null if other windows do. */
      readonly waitsFor: string | null;
      readonly sentence: string;
      /** Records the refusal; call it if the session ends with it. */
      readonly record: () => void;
    };

export type BudgetGate = ReturnType<typeof createBudgetGate>;

interface GateParts {
  readonly book: BudgetBook;
  readonly tasks: ReadonlyMap<string, Task>;
  /** What the ledger has; absent for a plan, which records nothing. */
  readonly view?: ExperimentView;
  /** How many roles share the work of a provider's windows. */
  readonly rolesOf: (provider: string) => number;
  /** Adds the spending of other processes. */
  readonly catchUp: () => void;
}

/** Windows, and whether their allowance fits. */
interface Asked {
  readonly windows: readonly PlannedWindow[];
  readonly fit: Fit;
}

/** Asks the budget book whether the allowance of windows fits the rest of the overall and period budgets. */
export function createBudgetGate(parts: GateParts) {
  const { promised } = parts.book;
  return {
    /** Asks the budgets before a matched set's remaining windows start. */
    check: (windows: readonly PlannedWindow[]) => check(windows, parts),
    /** Frees the amounts that are kept for windows that will not start. */
    giveUp: (windows: readonly PlannedWindow[]): void => {
      for (const { window } of windows) promised.giveUp(window);
    },
  };
}

function check(windows: readonly PlannedWindow[], parts: GateParts): StartDecision {
  const { book } = parts;
  const [first] = windows;
  if (first === undefined) return { mayStart: true };
  parts.catchUp();
  const { promised } = book;
  promised.release(first.window);
  const allowances = windows.map((planned) => allowanceOf(planned, parts));
  const hasBegun = windows.some(({ window }) => promised.isKept(window));
  const overall = book.fits(sumOf(allowances), hasBegun ? "begun" : "pair");
  if (!overall.fits) return decide({ windows, fit: overall }, parts);
  // In a rolling period each window needs only its own share when it starts. A share that can never fit
  // is known before the first.
  const asked = windows.map((planned, index) => {
    const need = index === 0 ? book.needOf(planned.window) : null;
    const allowance = allowances[index] ?? UNBOUNDED;
    const fit = book.fits(need === null ? allowance : largerOf(allowance, need), "period");
    return { windows: [planned], fit };
  });
  const never = asked.find(({ fit }) => !fit.fits && !fit.mayFitLater);
  const chosen = never ?? asked[0];
  const decision: StartDecision = chosen === undefined ? { mayStart: true } : decide(chosen, parts);
  if (!decision.mayStart) return decision;
  for (const [index, { window }] of windows.entries()) {
    const allowance = allowances[index] ?? UNBOUNDED;
    if (index === 0) promised.promise(window, allowance);
    else promised.keep(window, allowance);
  }
  return decision;
}

/** The roles of a team have commands of their own, so that only the window's limits bound the whole. */
export function allowanceOf(
  planned: PlannedWindow,
  {
    book,
    tasks,
    rolesOf,
  }: Pick<GateParts, "tasks" | "rolesOf"> & {
    readonly book: Pick<BudgetBook, "allowance">;
  },
): Amounts {
  const roles = rolesOf(planned.provider);
  const tokensMax = tasks.get(planned.featureId)?.tokensMax ?? null;
  const windowCap = tokensMax === null ? null : tokensMax * roles;
  const { command } = planned;
  return book.allowance(roles > 1 ? { windowCap } : { command, windowCap });
}

function decide({ windows, fit }: Asked, { book, view }: GateParts): StartDecision {
  if (fit.fits) return { mayStart: true };
  const { refusal, mayFitLater } = fit;
  const { periodMs } = book.limits;
  const names = windows.map(({ window }) => window).join(" and ");
  const asked = sayAsked(windows, refusal.used);
  return {
    mayStart: false,
    mayFitLater,
    waitsFor: refusal.scope === "period" && mayFitLater ? describeWait(names, refusal) : null,
    sentence:
      refusal.scope === "period"
        ? describeNever(names, refusal, periodMs ?? 0)
        : `${describeRefusal({ names, asked }, refusal)} ${wayOn(refusal, view !== undefined)}`,
    record: () => {
      if (view === undefined) return;
      for (const planned of windows.slice(0, 1)) {
        const attempt = nextAttempt(view, planned.window);
        const key = windowKey({ experimentId: view.experimentId, planned, attempt });
        book.refuseWindow(key, refusal);
      }
    },
  };
}

function largerOf(allowance: Amounts, need: Amounts): Amounts {
  return perUnit((unit) => {
    const [one, other] = [allowance[unit], need[unit]];
    return one === null || other === null ? (one ?? other) : Math.max(one, other);
  });
}

const OPTION = {
  tokens: "--overall-token-budget",
  usd: "--overall-cost-budget",
  minutes: "--overall-minutes-budget",
} as const;

/** The windows before may have taken far less than the room that the next ones need to start. */
export function sayAsked(windows: readonly PlannedWindow[], used: number): string {
  const names = windows.map(({ window }) => window).join(" and ");
  if (used === 0) return `${names} may take`;
  const kind = ["", "window", "pair"][windows.length] ?? "set";
  return `The next ${kind} (${names}) may take up to`;
}

function describeRefusal(
  { names, asked }: { readonly names: string; readonly asked: string },
  { requested, limit, used, unit }: BudgetRefusal,
): string {
  const [cap, left] = [limit, Math.max(0, limit - used)].map((amount) => plain(unit, amount));
  if (limit === 0) {
    return `The overall budget of ${sayAmount(unit, 0)} allows nothing: ${names} can't start.`;
  }
  // A window without a bound asks for the smallest amount, which would mean nothing to a reader.
  if (toGrains(unit, requested) <= 1) {
    return `Nothing is left of the overall budget of ${sayAmount(unit, limit)} for ${names}.`;
  }
  return (
    `${asked} ${sayAmount(unit, requested)}; of the overall budget of ${String(cap)}, ` +
    `${String(left)} are left.`
  );
}

function wayOn({ unit }: BudgetRefusal, isBegun: boolean): string {
  return `Raise ${OPTION[unit]}${isBegun ? " and continue with --resume" : ""}.`;
}

function describeWait(names: string, { requested, limit, used, unit, freesAtMs }: BudgetRefusal) {
  const until =
    freesAtMs === null ? "until what is at work is settled" : `until ${timestampOf(freesAtMs)}`;
  return (
    `${names} waits for the period's budget ${until}: it may take ${sayAmount(unit, requested)}, ` +
    `and ${plain(unit, used)} of ${plain(unit, limit)} are used.`
  );
}

function describeNever(
  names: string,
  { requested, limit, unit }: BudgetRefusal,
  periodMs: number,
): string {
  return (
    `${names} may take ${sayAmount(unit, requested)}, and the period's budget is ` +
    `${plain(unit, limit)} in ${sayDuration(periodMs)}: it never fits. Raise the period's budget, ` +
    `or limit what a window may take, e.g. with --command-budget.`
  );
}

/** Tokens without their unit, which the sentence already names. */
function plain(unit: BudgetRefusal["unit"], amount: number): string {
  return unit === "tokens" ? String(amount) : sayAmount(unit, amount);
}
