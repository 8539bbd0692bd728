import { join } from "node:path";

import type { Task } from "../bank/task.ts";
import { commitFolder, initRepository } from "./commit-folder.ts";
import { fillWorkspace } from "./fill-workspace.ts";
import { listWorkTree } from "./list-work-tree.ts";
import type { GitEnvironment } from "./run-git.ts";

/**
 * Fills a folder with a task's starting files and commits them in a repository of its own.
 * Returns the commit, which depends on nothing but these files.
 */
export async function commitStartOf(
  start: { readonly task: Task; readonly folder: string },
  environment: GitEnvironment,
): Promise<string> {
  const { task, folder } = start;
  const gitDir = join(folder, ".git");
  await fillWorkspace(task, folder);
  await initRepository(gitDir, environment);
  const { files } = await listWorkTree(folder, task.solutionPaths);
  const message = `Start of ${task.id}`;
  return commitFolder({ gitDir, folder, files, message }, environment);
}
