import { makePlan } from "../assignment/make-plan.ts";
import type { Plan } from "../assignment/plan.ts";
import type { Task } from "../bank/task.ts";
import { baseCommand } from "../budgets/base-command.ts";
import { SOLO_ROLE } from "../budgets/budget-request.ts";
import { UNLIMITED } from "../budgets/parse-budget.ts";
import type { Configuration } from "../config/configuration.ts";
import { type ConfigurationOptions, loadConfiguration } from "../config/load-configuration.ts";
import { ConfigurationError } from "../configuration-error.ts";
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

/** A budget for an unknown command or role is a typing error, and would limit nothing. */
function refuseIdleBudgets({ budgets }: Configuration, { sets }: Plan): void {
  const windows = sets.flatMap((set) => set.windows);
  const asked = new Set(windows.map(({ command }) => baseCommand(command)));
  const known = { command: asked, role: new Set([SOLO_ROLE]) };
  const whose = {
    command: "for an unknown command. Known commands",
    role: "for an unknown role. Known roles",
  };
  for (const { scope, name, limit, origin, givenBy } of [...budgets.limits, ...budgets.unlimited]) {
    if ((scope !== "command" && scope !== "role") || known[scope].has(name)) continue;
    const place = givenBy.startsWith("--") ? givenBy : origin;
    throw new ConfigurationError(
      `${place}: the budget "${name}=${String(limit ?? UNLIMITED)}" is ${whose[scope]}: ${[...known[scope]].join(", ")}. Write one of them, or leave the budget out.`,
    );
  }
}
