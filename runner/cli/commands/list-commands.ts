import { renderBudgetBar } from "../../../reports/format/budget-lines.ts";
import { byCodeUnit } from "../../../reports/statistics/randomisation/code-unit-order.ts";
import { plainTable } from "../../../reports/text/plain-table.ts";
import { SOLO_ROLE } from "../../budgets/budget-limits.ts";
import { describeBudgetSettings } from "../../budgets/budget-settings.ts";
import { baseCommand } from "../../budgets/parse-budget.ts";
import type { ResolvedBudgets } from "../../budgets/resolve-budgets.ts";
import type { Environment } from "../../environment.ts";
import type { Experiment } from "../../session/prepare-experiment.ts";
import { prepareRun, type RunOptions } from "../prepare-run.ts";
import { done, jsonOr, type Result } from "../result.ts";
import { styleFor } from "../show-preview.ts";

type Limit = ReturnType<typeof describeBudgetSettings>["limits"][number];

/** The commands that a role is asked for. An agent that works alone is the implementer. */
type AskedRole = ReturnType<typeof rolesOf>[number];

/** Shows the commands that providers would be asked for, by role and with budgets. It runs nothing. */
export async function listCommands(options: RunOptions, environment: Environment): Promise<Result> {
  const { experiment } = await prepareRun(options, environment);
  const roles = rolesOf(experiment);
  const { budgets } = experiment.configuration;
  const list = {
    experiment_id: experiment.plan.experimentId,
    mode: budgets.mode,
    basis: budgets.basis,
    roles,
  };
  return done(
    jsonOr(options, list, () =>
      [...roles.flatMap(drawer(budgets, environment)), "", "Nothing was run."].join("\n"),
    ),
  );
}

/** In every window of a plan one agent works alone. */
function rolesOf({ plan, configuration }: Experiment) {
  const { limits } = describeBudgetSettings(configuration.budgets);
  const of = (scope: Limit["scope"], name: string): readonly Limit[] =>
    limits.filter((limit) => limit.scope === scope && limit.name === name);
  const windows = plan.sets.flatMap((set) => set.windows);
  const byCommand = Map.groupBy(windows, ({ command }) => baseCommand(command));
  const commands = [...byCommand.keys()].toSorted(byCodeUnit).map((command) => {
    const asked = byCommand.get(command) ?? [];
    const providers = [...new Set(asked.map(({ provider }) => provider))].toSorted(byCodeUnit);
    return { command, windows: asked.length, providers, budgets: of("command", command) };
  });
  return [{ role: SOLO_ROLE, budgets: of("role", SOLO_ROLE), commands }];
}

/** Draws a row for each limit that holds. Nothing of it is used, since this list runs nothing. */
function drawer({ basis, hasVisuals }: ResolvedBudgets, environment: Environment) {
  const style = styleFor(environment.stdout, environment);
  const manner = { style, hasVisuals: hasVisuals.value };
  const draw = (budgets: readonly Limit[]): readonly string[] => {
    const held = budgets.filter((limit) => limit.is_held);
    const shown = held.length === 0 ? [{ unit: "tokens", limit: null } as const] : held;
    return shown.map(({ unit, limit }) =>
      renderBudgetBar({ unit, basis: basis.value, used: 0, limit }, manner),
    );
  };
  return ({ role, budgets, commands }: AskedRole): readonly string[] => [
    `Role ${role}: ${draw(budgets).join(", ")}`,
    plainTable([
      ["COMMAND", "WINDOWS", "PROVIDERS", "BUDGET OF ONE ATTEMPT"],
      ...commands.flatMap(({ command, windows, providers, budgets: own }) =>
        draw(own).map((bar, index) =>
          index === 0 ? [command, String(windows), providers.join(", "), bar] : ["", "", "", bar],
        ),
      ),
    ]),
  ];
}
