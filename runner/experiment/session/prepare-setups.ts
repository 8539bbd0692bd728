import type { Environment } from "../../platform/environment/environment.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { prepareSetup } from "../../tasks/setup/prepare-setup.ts";

/** Prepares the commits of all tasks, one after the other, before anything is spent. */
export async function prepareSetups(
  tasks: Iterable<Task>,
  environment: Environment,
): Promise<void> {
  const say = (sentence: string) => void environment.stderr.write(`${sentence}\n`);
  for (const task of tasks) {
    if (task.kind === "command") await prepareSetup(task, environment, { say });
  }
}
