import { byCodeUnit } from "../../../../reports/statistics/randomisation/code-unit-order.ts";
import { renderBudgetBar } from "../../../../reports/text/budget-bar.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import {
  type CommandList,
  type InspectedCommand,
  inspectedCommand,
  listedCommands,
  readCommand,
  SHARED_SCOPES,
} from "../../../experiment/planned/asked-commands.ts";
import { type Limit, questionsOf, sayRoleName } from "../../../experiment/planned/questions.ts";
import type { Experiment } from "../../../experiment/session/prepare-experiment.ts";
import { prepareRun, type PrepareOptions } from "../../../experiment/session/prepare-run.ts";
import { sayAmount } from "../../../gateway/budgets/budget-unit.ts";
import { baseCommand } from "../../../gateway/budgets/parse-budget.ts";
import type { ResolvedBudgets } from "../../../gateway/budgets/resolve-budgets.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { columnsOf } from "../../columns.ts";
import { styleFor } from "../../display/live-terminal.ts";
import { doneWith, type Result } from "../../result.ts";

/** The options of `run --list-commands` and `--inspect-command`. */
interface ListOptions extends PrepareOptions {
  readonly inspectCommand?: string;
  readonly json?: boolean;
}

/** Shows the commands that providers would be asked for. It runs nothing. */
export async function listCommands(
  options: ListOptions,
  environment: Environment,
): Promise<Result> {
  const { experiment } = await prepareRun(options, environment);
  const list = listedCommands(experiment);
  const draw = drawer(experiment.configuration.budgets, environment);
  const say = () => {
    const shared = SHARED_SCOPES.flatMap((scope) => {
      const limits = list.budgets.filter((limit) => limit.scope === scope);
      const isShown = scope === "overall" || limits.some(({ is_held }) => is_held);
      return isShown ? [`${TITLES[scope]}: ${draw(limits).join(", ")}`] : [];
    });
    const roles = list.roles.flatMap((role) => sayRole(role, draw, columnsOf(environment)));
    return [...shared, ...roles, "", "Nothing was run."].join("\n");
  };
  return doneWith(options, list, say);
}

const TITLES = { overall: "Overall", period: "In each period", window: "Each window" } as const;

type Draw = (budgets: readonly Limit[]) => readonly string[];

/** Draws a row for each limit that holds. Nothing of it is used, since this list runs nothing. */
function drawer({ basis, hasVisuals }: ResolvedBudgets, environment: Environment): Draw {
  const style = styleFor(environment.stdout, environment);
  const manner = { style, hasVisuals: hasVisuals.value };
  return (budgets) => {
    const held = budgets.filter((limit) => limit.is_held);
    const shown = held.length === 0 ? [{ unit: "tokens", limit: null } as const] : held;
    return shown.map(({ unit, limit }) =>
      renderBudgetBar({ unit, basis: basis.value, used: 0, limit }, manner),
    );
  };
}

function sayRole(
  { role, workflow, budgets, commands }: CommandList["roles"][number],
  draw: Draw,
  columns?: number,
): readonly string[] {
  return [
    `Role ${sayRoleName({ role, workflow })}: ${draw(budgets).join(", ")}`,
    plainTable(
      [
        ["COMMAND", "WINDOWS", "PROVIDERS", "BUDGET OF ONE ATTEMPT"],
        ...commands.flatMap(({ command, windows, providers, budgets: own }) =>
          draw(own).map((bar, index) =>
            index === 0 ? [command, String(windows), providers.join(", "), bar] : ["", "", "", bar],
          ),
        ),
      ],
      { columns },
    ),
  ];
}

/** Shows how a command line is read. It runs nothing. */
export async function inspectCommand(
  options: ListOptions,
  environment: Environment,
): Promise<Result> {
  const written = readCommand(options.inspectCommand ?? "");
  const { experiment } = await prepareRun(options, environment);
  const inspected = inspectedCommand(experiment, written);
  return doneWith(options, inspected, () =>
    sayInspected(inspected, experiment, columnsOf(environment)),
  );
}

function sayInspected(
  inspected: InspectedCommand,
  experiment: Experiment,
  columns?: number,
): string {
  const { command, base, roles, budgets, windows } = inspected;
  const known = new Set(questionsOf(experiment).map((one) => baseCommand(one.command)));
  return [
    `Command: ${toPlainLine(command.trim())}`,
    `Base command: ${toPlainLine(base)}`,
    `Arguments: ${toPlainLine(inspected.arguments ?? "none")}`,
    `Role: ${roles.map(sayRoleName).join(", ") || "none"}`,
    ...(budgets.length === 0 ? ["Budget: none"] : budgets.map(sayLimit)),
    "",
    windows.length === 0
      ? `No window asks for it. Commands of this plan: ${[...known].toSorted(byCodeUnit).join(", ")}.`
      : plainTable(
          [
            ["WINDOW", "PROVIDER", "COMMAND", "FIRST REQUEST", "PROMPT"],
            ...windows.map((one) => [
              one.window,
              one.provider,
              one.command,
              `from ${sayAmount("tokens", one.estimated_tokens)}`,
              toPlainLine(one.prompt_head),
            ]),
          ],
          { columns },
        ),
    "",
    "Nothing was run.",
  ].join("\n");
}

function sayLimit({ name, unit, limit, origin, is_held: isHeld }: Limit): string {
  const amount = isHeld ? sayAmount(unit, limit) : `${sayAmount(unit, limit)}, does not hold`;
  return `Budget ${name}: ${amount} (${origin})`;
}
