import type { BudgetFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf, tokensSpent } from "../../ledger/views/progress.ts";
import type { BudgetRows } from "./budget-rows.ts";
import { joinTouches } from "./index-touches.ts";
import { listBudgetLines } from "./list-budget-lines.ts";
import type { ReportContext } from "./report-context.ts";
import type { Budgets } from "./report-data.ts";

/** The limits of the last session and what was used of them, over all sessions. */
export function describeBudgets(context: ReportContext, source: BudgetRows): Budgets {
  const { view, settings, asked } = context;
  const { mode, basis: chosen, overall } = settings.budgets;
  const basis = chosen?.value ?? asked.token_basis;
  const debits = sumDebits(view);
  const all = {
    limit: overall?.value ?? null,
    origin: overall?.origin ?? null,
    used: tokensSpent(view, basis) + view.unsettledTokens,
  };
  const commands = describeCommands(debits.commands, settings.budgets.commands);
  return {
    mode: mode?.value ?? null,
    basis,
    overall: all,
    unsettled: view.unsettledTokens,
    overshoot: debits.overshoot,
    commands,
    lines: listBudgetLines(context, { source, overall: all, commands }),
    period_ms: settings.budgets.period_ms?.value ?? null,
    has_visuals: settings.budgets.has_visuals,
    events: countEvents(view),
    touched_by: touchesOf(context),
  };
}

/** What was used is the sum over all windows. */
function touchesOf({ touches, windows }: ReportContext): readonly number[] {
  return joinTouches([touches.ofFile("budgets"), ...windows.map(({ line }) => line.touched_by)]);
}

interface CommandSpend {
  readonly attempts: number;
  readonly total: number;
  readonly highest: number;
}

const NO_COMMAND: CommandSpend = { attempts: 0, total: 0, highest: 0 };

/** What the debits say: by base command, the number of attempts and what they took. */
function sumDebits(view: ExperimentView) {
  const commands = new Map<string, CommandSpend>();
  let overshoot = 0;
  for (const { debits } of [...view.windows.values()].flatMap(attemptsOf)) {
    const ofAttempt = new Map<string, number>();
    for (const debit of debits) {
      overshoot += debit.overshoot;
      ofAttempt.set(debit.command, (ofAttempt.get(debit.command) ?? 0) + debit.delta);
    }
    for (const [command, tokens] of ofAttempt) {
      const { attempts, total, highest } = commands.get(command) ?? NO_COMMAND;
      commands.set(command, {
        attempts: attempts + 1,
        total: total + tokens,
        highest: Math.max(highest, tokens),
      });
    }
  }
  return { commands, overshoot };
}

function describeCommands(
  spent: ReadonlyMap<string, CommandSpend>,
  limits: ReportContext["settings"]["budgets"]["commands"],
): Budgets["commands"] {
  const names = new Set([...spent.keys(), ...Object.keys(limits)]);
  return [...names].toSorted().map((command) => {
    const { attempts, total, highest } = spent.get(command) ?? NO_COMMAND;
    const { value: limit = null, origin = null } = limits[command] ?? {};
    return { command, attempts, total, limit, origin, used: highest };
  });
}

function countEvents(view: ExperimentView): Budgets["events"] {
  const byBudget = Map.groupBy(view.budgetEvents.values(), ({ budget }) => budget);
  return [...byBudget.keys()].toSorted().map((budget) => {
    const events = byBudget.get(budget) ?? [];
    const count = (event: BudgetFact["event"]) =>
      events.filter((fact) => fact.event === event).length;
    return {
      budget,
      warned: count("warned"),
      refused: count("refused"),
      breached: count("breached"),
    };
  });
}
