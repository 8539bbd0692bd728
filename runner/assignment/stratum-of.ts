import type { Task } from "../bank/task.ts";
import { ConfigurationError } from "../config/errors.ts";

/** A fact of a task that assignment can be balanced by. */
export type StratumField = "stratum" | "size" | "difficulty" | "language";

/**
 * The stratum that a task is drawn in: its facts of the given kinds, joined by slashes. Each stratum
 * is balanced by itself, so that no provider meets the hard tasks first more often than the other.
 * @throws ConfigurationError where the task does not say one of them.
 */
export function stratumOf(task: Task, fields: readonly StratumField[]): string {
  return fields
    .map((field) => {
      const fact = task[field];
      if (fact !== undefined) return fact;
      throw new ConfigurationError(
        `${task.folder}/task.yaml: expected "${field}", by which design.strata draws, got nothing. Write it there, or leave it out of design.strata.`,
      );
    })
    .join("/");
}
