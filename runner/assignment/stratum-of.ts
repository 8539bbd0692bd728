import type { Task } from "../bank/task.ts";
import { ConfigurationError } from "../config/errors.ts";
import type { Hours } from "./hours.ts";

/** What assignment can be balanced by: a fact of a task, or the hours that a unit is worked in. */
export type StratumField = "stratum" | "size" | "difficulty" | "language" | "peak_hours";

/**
 * The stratum that a task is drawn in: its facts of the given kinds, joined by slashes, and among
 * them the hours of its unit. Each stratum is balanced by itself, so that no provider meets the hard
 * tasks first more often than the other.
 * @param hours undefined where they are not asked for.
 * @throws ConfigurationError where the task does not say one of the facts.
 */
export function stratumOf(task: Task, fields: readonly StratumField[], hours?: Hours): string {
  return fields
    .map((field) => {
      const fact = field === "peak_hours" ? hours : task[field];
      if (fact !== undefined) return fact;
      throw new ConfigurationError(
        `${task.folder}/task.yaml: expected "${field}", by which design.strata draws, got nothing. Write it there, or leave it out of design.strata.`,
      );
    })
    .join("/");
}
