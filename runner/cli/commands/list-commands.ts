import { renderBudgetBar } from "../../../reports/format/budget-bar.ts";
import { plainTable } from "../../../reports/format/plain-table.ts";
import { byCodeUnit } from "../../../reports/statistics/randomisation/code-unit-order.ts";
import { baseCommand } from "../../budgets/base-command.ts";
import { SOLO_ROLE } from "../../budgets/budget-request.ts";
import { describeBudgetSettings } from "../../budgets/describe-settings.ts";
import type { ResolvedBudgets } from "../../budgets/resolve-budgets.ts";
import type { Environment } from "../../environment.ts";
import { locateDataFolder } from "../../session/data-folder.ts";
import { type Experiment, prepareExperiment } from "../../session/prepare-experiment.ts";
import { done, type Result } from "../result.ts";
import { styleFor } from "../show-preview.ts";
import { withAddedTasks } from "../with-added-tasks.ts";
import type { RunOptions } from "./run.ts";

type Limit = ReturnType<typeof describeBudgetSettings>["limits"][number];

/** A base command, with the windows in which it is asked and the limits of one attempt at it. */
interface AskedCommand {
  readonly command: string;
  readonly windows: number;
  readonly providers: readonly string[];
  readonly budgets: readonly Limit[];
}

/** What somebody who has a role is asked; who works alone is the implementer. */
interface AskedRole {
  readonly role: string;
  readonly budgets: readonly Limit[];
  readonly commands: readonly AskedCommand[];
}

/** Shows what the providers would be asked, role by role, with each command's budget; runs nothing. */
export async function listCommands(options: RunOptions, environment: Environment): Promise<Result> {
  const folder = locateDataFolder(options.dataDir, environment);
  const prepared = prepareExperiment(options, environment);
  const { extend } = options;
  const experiment = await withAddedTasks(prepared, { extend, folder, environment });
  const roles = rolesOf(experiment);
  const { budgets } = experiment.configuration;
  if (options.json !== true) {
    return done(
      [...roles.flatMap(drawer(budgets, environment)), "", "Nothing was run."].join("\n"),
    );
  }
  const list = {
    experiment_id: experiment.plan.experimentId,
    mode: budgets.mode,
    basis: budgets.basis,
    roles,
  };
  return done(JSON.stringify(list, null, 2));
}

/** Every window of a plan is worked by one agent alone. */
function rolesOf({ plan, configuration }: Experiment): readonly AskedRole[] {
  const { limits } = describeBudgetSettings(configuration.budgets);
  const of = (scope: Limit["scope"], name: string): readonly Limit[] =>
    limits.filter((limit) => limit.scope === scope && limit.name === name);
  const windows = plan.units.flatMap((unit) => unit.windows);
  const byCommand = Map.groupBy(windows, ({ command }) => baseCommand(command));
  const commands = [...byCommand.keys()].toSorted(byCodeUnit).map((command) => {
    const asked = byCommand.get(command) ?? [];
    const providers = [...new Set(asked.map(({ provider }) => provider))].toSorted(byCodeUnit);
    return { command, windows: asked.length, providers, budgets: of("command", command) };
  });
  return [{ role: SOLO_ROLE, budgets: of("role", SOLO_ROLE), commands }];
}

/** A row for each limit that holds: none of it is used, since this list runs nothing. */
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
