import { makePlan } from "../assignment/make-plan.ts";
import type { Plan } from "../assignment/plan.ts";
import type { Task } from "../bank/task.ts";
import { baseCommand } from "../budgets/base-command.ts";
import { COMMAND_LINE } from "../budgets/resolve-budgets.ts";
import type { Configuration } from "../config/configuration.ts";
import { ConfigurationError } from "../config/errors.ts";
import { type ConfigurationOptions, loadConfiguration } from "../config/load-configuration.ts";
import type { Environment } from "../environment.ts";
import { loadTasks } from "./load-tasks.ts";

/** An experiment as its configuration describes it; nothing is written or started yet. */
export interface Experiment {
  readonly configuration: Configuration;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly plan: Plan;
}

/** Reads the configuration and the task bank and draws the plan. Writes nothing. */
export function prepareExperiment(
  options: ConfigurationOptions,
  environment: Environment,
): Experiment {
  const configuration = loadConfiguration(options, environment);
  const tasks = loadTasks(configuration);
  const plan = makePlan(configuration, tasks);
  refuseIdleBudgets(configuration, plan);
  return { configuration, tasks: new Map(tasks.map((task) => [task.id, task])), plan };
}

/** A budget for a command that nobody is asked is a slip of the pen that would leave no cap at all. */
function refuseIdleBudgets({ budgets }: Configuration, { units }: Plan): void {
  const windows = units.flatMap((unit) => unit.windows);
  const asked = new Set(windows.map(({ command }) => baseCommand(command)));
  for (const [command, { value, origin }] of budgets.commands) {
    if (!asked.has(command)) {
      throw new ConfigurationError(
        `${origin === COMMAND_LINE ? "--command-budget" : origin}: the budget "${command}=${String(value)}" is for a command that nobody is asked. Asked are: ${[...asked].join(", ")}. Write one of them, or leave the budget out.`,
      );
    }
  }
}
