import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Environment } from "../platform/environment/environment.ts";
import { runGit } from "../platform/git/run-git.ts";
import { readSolutionPatch } from "../tasks/bank/read-solution-patch.ts";
import type { CommandTask } from "../tasks/bank/task.ts";
import { type CommitSpan, measureChurn } from "../tasks/workspaces/measure-churn.ts";
import { sealPatch } from "../tasks/workspaces/seal-patch.ts";
import { changedBetween } from "../tasks/workspaces/team-repository.ts";
import type { TaskScript, TaskVariant } from "./task-script.ts";

/**
 * The script of a task from a commit: the model either makes the changes of the reference solution or
 * changes nothing.
 */
export async function readCommandScript(
  task: CommandTask,
  environment: Environment,
): Promise<TaskScript> {
  const { failToPass, passToPass } = task.acceptance;
  const patch = readSolutionPatch(task.folder);
  const scratch = await mkdtemp(path.join(tmpdir(), "counterbalance-script-"));
  try {
    const span = await sealPatch(task, patch, { scratch, environment });
    const { insertions, deletions } = await measureChurn(span, environment);
    return {
      featureId: task.id,
      title: task.title,
      scenarios: [...failToPass, ...passToPass],
      variants: [
        { name: "solution", fails: [], ...(await changesOf(task, span, environment)) },
        { name: "nothing", fails: failToPass, files: {} },
      ],
      changedLines: insertions + deletions,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function changesOf(
  { workspace }: CommandTask,
  { gitDir, commitStart, commitEnd }: CommitSpan,
  environment: Environment,
): Promise<Pick<TaskVariant, "files" | "removed">> {
  const span = { gitDir, from: commitStart, to: commitEnd };
  const { changed, removed } = await changedBetween(span, environment);
  const nameOf = (file: string) => path.posix.relative(workspace.path, file);
  const files: Record<string, string> = {};
  for (const file of changed) {
    files[nameOf(file)] = await runGit(
      { gitDir, args: ["show", `${commitEnd}:${file}`] },
      environment,
    );
  }
  return { files, removed: removed.map(nameOf) };
}
