import { cp, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import type { Task } from "../bank/task.ts";
import { commitFolder } from "./commit-folder.ts";
import { commitStartOf } from "./commit-start.ts";
import { listWorkTree, type TreeLimits } from "./list-work-tree.ts";
import { openToAgent } from "./open-to-agent.ts";
import type { GitEnvironment } from "./run-git.ts";
import type { SealedWorkspace, Workspace } from "./workspace.ts";

/** The task's starting files are others than when the workspace was made. */
class TaskChangedError extends CounterbalanceError {
  override readonly exitCode = 3;

  constructor(task: Task, commits: { readonly was: string; readonly is: string }) {
    super(
      `${task.folder}: the task's workspace or feature has changed since the window was opened ` +
        `(its start was commit ${commits.was}, is now ${commits.is}). Put it back as it was.`,
    );
  }
}

export interface Sealing {
  readonly workspace: Workspace;
  readonly task: Task;
  readonly limits?: TreeLimits;
}

/**
 * Commits everything that the agent left, to be called when no process of it lives any more.
 *
 * The commit is made in a repository that is built anew from the task's files, not in the
 * workspace's own: what stands there in `.git` is the agent's to write, and git runs programs that
 * a repository's configuration names.
 */
export async function sealWorkspace(
  sealing: Sealing,
  environment: GitEnvironment,
): Promise<SealedWorkspace> {
  const { workspace, task } = sealing;
  const isFolderRepaired = await repairFolders(workspace);
  const gitDir = await buildRepository(sealing, environment);
  const isRepositoryRepaired = await repairRepository(workspace, gitDir);
  const tree = await listWorkTree(workspace.folder, task.solutionPaths, sealing.limits);
  const commitEnd = await commitFolder(
    {
      gitDir,
      folder: workspace.folder,
      files: tree.files,
      parent: workspace.commitStart,
      message: `End of ${task.id}`,
    },
    environment,
  );
  return {
    gitDir,
    commitStart: workspace.commitStart,
    commitEnd,
    repaired: isFolderRepaired || isRepositoryRepaired,
    omitted: tree.omitted,
    omittedCount: tree.omittedCount,
  };
}

/** Folders that the agent removed, or replaced by links that would lead us elsewhere, come back empty. */
async function repairFolders(workspace: Workspace): Promise<boolean> {
  let isRepaired = false;
  for (const folder of [workspace.base, workspace.folder]) {
    if (await isOfKind(folder, "isDirectory")) continue;
    await rm(folder, { force: true });
    await mkdir(folder, { mode: 0o700 });
    isRepaired = true;
  }
  return isRepaired;
}

/** A repository with nothing but the start commit, beside the workspace. */
async function buildRepository(sealing: Sealing, environment: GitEnvironment): Promise<string> {
  const { workspace, task } = sealing;
  const gitDir = join(workspace.base, "sealed.git");
  const start = join(workspace.base, "start");
  // Whatever lies here has been put here by the agent, or by a sealing that was interrupted.
  for (const path of [gitDir, start]) await rm(path, { recursive: true, force: true });
  const commit = await commitStartOf({ task, folder: start }, environment);
  if (commit !== workspace.commitStart) {
    throw new TaskChangedError(task, { was: workspace.commitStart, is: commit });
  }
  await rename(join(start, ".git"), gitDir);
  await rm(start, { recursive: true, force: true });
  return gitDir;
}

/** Gives the workspace a working `.git` back where the agent took it away. */
async function repairRepository(workspace: Workspace, gitDir: string): Promise<boolean> {
  const own = join(workspace.folder, ".git");
  if (await holdsCommit(own, workspace.commitStart)) return false;
  await rm(own, { recursive: true, force: true });
  await cp(gitDir, own, { recursive: true });
  await openToAgent(own);
  return true;
}

/** Looks without git, which would do what the agent's configuration says. */
async function holdsCommit(gitDir: string, commit: string): Promise<boolean> {
  if (!(await isOfKind(gitDir, "isDirectory"))) return false;
  for (const name of ["HEAD", "config"]) {
    if (!(await isOfKind(join(gitDir, name), "isFile"))) return false;
  }
  const loose = join(gitDir, "objects", commit.slice(0, 2), commit.slice(2));
  if (await isOfKind(loose, "isFile")) return true;
  const packs = await readdir(join(gitDir, "objects", "pack")).catch(() => []);
  return packs.some((name) => name.endsWith(".pack"));
}

/** Whether the path itself, not what it links to, is a file or a folder. */
async function isOfKind(path: string, kind: "isFile" | "isDirectory"): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && stats[kind]();
}
