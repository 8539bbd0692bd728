import path from "node:path";

import type { Environment } from "../../platform/environment/environment.ts";
import { loadTaskBank } from "../../tasks/bank/load-task-bank.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { loadConfiguration } from "./load-configuration.ts";

interface Chosen {
  readonly bank?: string | undefined;
  readonly config?: string | undefined;
}

/** The tasks of the bank that the options name and, if there are patterns, that these match. */
export function chooseTasks(
  { bank, config }: Chosen,
  environment: Environment,
  patterns: readonly string[] = [],
): readonly Task[] {
  const include = patterns.length > 0 ? patterns : undefined;
  if (bank !== undefined) {
    return loadTaskBank(path.resolve(environment.cwd, bank), include ?? ["*"]);
  }
  const configuration = loadConfiguration(config === undefined ? {} : { config }, environment);
  // The rehearsal runs a part of the bank, which the user did not choose.
  const chosen = configuration.file === null ? ["*"] : configuration.include;
  return loadTaskBank(configuration.bank, include ?? chosen);
}
