import { sum } from "simple-statistics";

import type { BudgetFact, DebitFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf, tokensSpent } from "../../ledger/views/progress.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import { listBudgetLines } from "./list-budget-lines.ts";
import type { Budgets } from "./report-data.ts";
import type { BudgetRows } from "./sum-budgets.ts";

/** The limits of the last session, and their use over all sessions. */
export function describeBudgetUse(evidence: Evidence, source: BudgetRows): Budgets {
  const { view, settings, asked } = evidence;
  const { mode, basis: chosen, overall } = settings.budgets;
  const basis = chosen?.value ?? asked.token_basis;
  const attempts = [...view.windows.values()].flatMap(attemptsOf).map(({ debits }) => debits);
  const all = {
    limit: overall?.value ?? null,
    origin: overall?.origin ?? null,
    used: tokensSpent(view, basis) + view.unsettledTokens,
  };
  const commands = describeCommands(attempts, settings.budgets.commands);
  return {
    mode: mode?.value ?? null,
    basis,
    overall: all,
    unsettled: view.unsettledTokens,
    overshoot: sum(attempts.flat().map(({ overshoot }) => overshoot)),
    commands,
    lines: listBudgetLines(evidence, { source, overall: all, commands }),
    period_ms: settings.budgets.period_ms?.value ?? null,
    has_visuals: settings.budgets.has_visuals,
    events: countEvents(view),
    touched_by: affectedBy(evidence),
  };
}

/** The anomalies that affect the budgets: use is the sum over all windows. */
function affectedBy({ affected, windows }: Evidence): readonly number[] {
  return joinNumbers([affected.ofFile("budgets"), ...windows.map(({ line }) => line.touched_by)]);
}

/** Use by base command over its attempts, according to their debits; and the limits of the session. */
function describeCommands(
  attempts: readonly (readonly DebitFact[])[],
  limits: Evidence["settings"]["budgets"]["commands"],
): Budgets["commands"] {
  const spent = attempts.flatMap((debits) =>
    groupSorted(debits, ({ command }) => command).map(([command, own]) => ({
      command,
      tokens: sum(own.map(({ delta }) => delta)),
    })),
  );
  const byCommand = Map.groupBy(spent, ({ command }) => command);
  const names = new Set([...byCommand.keys(), ...Object.keys(limits)]);
  return [...names].toSorted().map((command) => {
    const tokens = (byCommand.get(command) ?? []).map((one) => one.tokens);
    const { value: limit = null, origin = null } = limits[command] ?? {};
    const used = tokens.reduce((most, one) => Math.max(most, one), 0);
    return { command, attempts: tokens.length, total: sum(tokens), limit, origin, used };
  });
}

function countEvents(view: ExperimentView): Budgets["events"] {
  return groupSorted(view.budgetEvents.values(), ({ budget }) => budget).map(([budget, events]) => {
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
