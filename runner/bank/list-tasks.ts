import { loadVariants } from "./load-variants.ts";
import type { Task } from "./task.ts";

/** One task as the row of a table. */
export interface TaskListing {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly stratum: string;
  /** Ready solutions, the reference among them. */
  readonly variants: number;
  readonly timeoutS: number;
  readonly tokensMax: number;
  readonly digest: string;
}

export function listTasks(tasks: readonly Task[]): readonly TaskListing[] {
  return tasks.map((task) => ({
    id: task.id,
    title: task.title,
    language: task.language,
    stratum: task.stratum,
    variants: loadVariants(task).length,
    timeoutS: task.timeoutS,
    tokensMax: task.tokensMax,
    digest: task.digest,
  }));
}
