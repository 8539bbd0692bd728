import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The reference solution of a task that a command grades; empty if the task has none. */
export function readSolutionPatch(taskFolder: string): string {
  const file = path.join(taskFolder, "solution.patch");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
