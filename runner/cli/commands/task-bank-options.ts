import path from "node:path";

import { loadTaskBank } from "../../bank/load-task-bank.ts";
import type { Task } from "../../bank/task.ts";
import { loadConfiguration } from "../../config/load-configuration.ts";
import type { Environment } from "../../environment.ts";
import type { OptionsOf } from "../definitions/definition.ts";
import type { taskList } from "../definitions/tool-commands.ts";

/** The tasks of the bank that the options name and, if there are patterns, that these match. */
export function chooseTasks(
  options: OptionsOf<typeof taskList>,
  environment: Environment,
  patterns: readonly string[] = [],
): readonly Task[] {
  const { bank, config } = options;
  const include = patterns.length > 0 ? patterns : undefined;
  if (bank !== undefined)
    return loadTaskBank(path.resolve(environment.cwd, bank), include ?? ["*"]);
  const configuration = loadConfiguration(config === undefined ? {} : { config }, environment);
  return loadTaskBank(configuration.bank, include ?? configuration.include);
}
