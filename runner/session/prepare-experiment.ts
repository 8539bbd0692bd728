import { makePlan } from "../assignment/make-plan.ts";
import type { Plan } from "../assignment/plan.ts";
import type { Task } from "../bank/task.ts";
import { baseCommand } from "../budgets/base-command.ts";
import { SOLO_ROLE } from "../budgets/budget-request.ts";
import { UNLIMITED } from "../budgets/parse-amount.ts";
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

/** A budget for a command that nobody is asked, or a role that nobody has, is a slip of the pen that would leave no cap at all. */
function refuseIdleBudgets({ budgets }: Configuration, { units }: Plan): void {
  const windows = units.flatMap((unit) => unit.windows);
  const asked = new Set(windows.map(({ command }) => baseCommand(command)));
  const known = { command: asked, role: new Set([SOLO_ROLE]) };
  const whose = {
    command: "for a command that nobody is asked. Asked are",
    role: "for a role that nobody has. There are",
  };
  for (const { scope, name, limit, origin, door } of [...budgets.limits, ...budgets.unlimited]) {
    if ((scope !== "command" && scope !== "role") || known[scope].has(name)) continue;
    const place = door.startsWith("--") ? door : origin;
    throw new ConfigurationError(
      `${place}: the budget "${name}=${String(limit ?? UNLIMITED)}" is ${whose[scope]}: ${[...known[scope]].join(", ")}. Write one of them, or leave the budget out.`,
    );
  }
}
