import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { GherkinTask, Task } from "./task.ts";

/** @throws ConfigurationError if the task is graded by a command. */
export function requireGherkin(task: Task): GherkinTask {
  if (task.kind === "gherkin") return task;
  throw new ConfigurationError(
    `${task.folder}/task.yaml: expected a task whose acceptance is of the kind cucumber, got command. Name another task.`,
  );
}
