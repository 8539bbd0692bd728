import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { readSolutionPatch } from "../bank/read-solution-patch.ts";
import { listFolderFiles } from "../bank/read-task-folder.ts";
import type { Task } from "../bank/task.ts";
import { sizeOfPatch } from "./solution-patch.ts";

/** How much the reference solution changes: the lines that it adds and removes, and its files. */
export interface TaskSize {
  readonly lines: number;
  readonly files: number;
}

export function sizeOfTask(task: Task): TaskSize {
  if (task.kind === "command") return sizeOfPatch(readSolutionPatch(task.folder));
  const files = listFolderFiles(path.join(task.folder, "solution"))
    .map(({ relativePath, absolutePath }) =>
      changedLines(path.join(task.folder, "workspace", relativePath), absolutePath),
    )
    .filter((lines) => lines > 0);
  return { lines: files.reduce((sum, lines) => sum + lines, 0), files: files.length };
}

/** Lines of either file that the other one has not, or has less often. */
function changedLines(before: string, after: string): number {
  const counts = new Map<string, number>();
  for (const line of linesOf(after)) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of linesOf(before)) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts.values()].reduce((sum, count) => sum + Math.abs(count), 0);
}

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").replace(/\n$/u, "").split("\n");
}
