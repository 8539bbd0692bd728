import { loadTaskBank, TaskUnknownError } from "../bank/load-task-bank.ts";
import { isFolder } from "../bank/read-task-folder.ts";
import type { Task } from "../bank/task.ts";
import type { Configuration } from "../config/configuration.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { readText } from "../yaml/read-yaml-file.ts";
import { parseWithLines } from "../yaml/yaml-position.ts";

/**
 * The tasks that a configuration names.
 * @throws ConfigurationError naming the line of the configuration that names a bank or a task
 * which is not there; ConfigurationError naming the line of a task's own file.
 */
export function loadTasks({ file, bank, include }: Configuration): readonly Task[] {
  if (file === null) return loadTaskBank(bank, include);
  if (!isFolder(bank)) {
    const place = placeOf(file, ["tasks", "bank"]);
    throw new ConfigurationError(
      `${place}: expected "tasks.bank" to be a folder of tasks, got ${JSON.stringify(bank)}, which is no folder. Write a path relative to this file.`,
    );
  }
  try {
    return loadTaskBank(bank, include);
  } catch (error) {
    if (!(error instanceof TaskUnknownError)) throw error;
    const place = placeOf(file, ["tasks", "include", include.indexOf(error.pattern)]);
    throw new ConfigurationError(
      `${place}: expected "tasks.include" to name tasks of ${bank}, got ${JSON.stringify(error.pattern)}. Known tasks: ${error.known.join(", ") || "none"}. Correct the name, or add the task's folder.`,
      { cause: error },
    );
  }
}

function placeOf(file: string, path: readonly PropertyKey[]): string {
  return `${file}:${String(parseWithLines(readText(file)).lineOf(path))}`;
}
