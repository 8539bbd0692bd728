import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { CommandTask } from "../bank/task.ts";
import type { Environment } from "../environment.ts";
import type { CommitSpan } from "../workspaces/measure-churn.ts";
import { runGit } from "../workspaces/run-git.ts";
import { sealPatch } from "../workspaces/seal-patch.ts";
import type { TaskScript } from "./task-script.ts";

/**
 * The script of a task from a commit: the model either writes the files of the reference solution or
 * changes nothing. It deletes no files.
 */
export async function readCommandScript(
  task: CommandTask,
  environment: Environment,
): Promise<TaskScript> {
  const { failToPass, passToPass } = task.acceptance;
  const file = path.join(task.folder, "solution.patch");
  const patch = existsSync(file) ? readFileSync(file, "utf8") : "";
  const scratch = await mkdtemp(path.join(tmpdir(), "counterbalance-script-"));
  try {
    const span = await sealPatch(task, patch, { scratch, environment });
    return {
      featureId: task.id,
      title: task.title,
      scenarios: [...failToPass, ...passToPass],
      variants: [
        { name: "solution", fails: [], files: await filesOf(task, span, environment) },
        { name: "nothing", fails: failToPass, files: {} },
      ],
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function filesOf(
  { workspace }: CommandTask,
  { gitDir, commitStart, commitEnd }: CommitSpan,
  environment: Environment,
): Promise<Readonly<Record<string, string>>> {
  const args = ["diff-tree", "-r", "-z", "--name-only", "--diff-filter=AM", "--no-renames"];
  const listed = await runGit({ gitDir, args: [...args, commitStart, commitEnd] }, environment);
  const files: Record<string, string> = {};
  for (const file of listed.split("\0").filter(Boolean)) {
    const content = await runGit({ gitDir, args: ["show", `${commitEnd}:${file}`] }, environment);
    files[path.posix.relative(workspace.path, file)] = content;
  }
  return files;
}
