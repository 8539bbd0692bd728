import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { UsageError } from "../../../ledger/domain/errors.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { cloneFolder } from "../../platform/git/clone-folder.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { openToAgent } from "../../platform/git/repository.ts";
import type { CommandTask, Task } from "../bank/task.ts";
import { prepareSetup } from "../setup/prepare-setup.ts";
import { commitStartOf } from "./commit-start.ts";
import { moveAside } from "./move-aside.ts";

/** The folders of one attempt, outside of every repository. All paths are absolute. */
export interface Workspace {
  /** The folder of this attempt, which contains the others. */
  readonly base: string;
  /** The agent's working folder: a git repository whose only commit is `commitStart`. */
  readonly folder: string;
  /** The agent's home, empty except for `tmp/`. */
  readonly home: string;
  /** The commit of the untouched workspace: the same hash for the same task on every machine. */
  readonly commitStart: string;
  /** What setup kept in its home, cloned; absent if the task has no setup. */
  readonly setupHome?: string;
}

interface WorkspacePlan {
  readonly task: Task;
  /** The folder that contains all workspaces; it is made if it does not exist. */
  readonly root: string;
  /** The readable start of the folder's name, e.g. `W0-01-1`; what follows makes it unique. */
  readonly name: string;
}

/**
 * Makes a fresh git repository with the task's starting files and its feature, outside of every
 * other repository, and a home for the agent.
 */
export async function createWorkspace(
  { task, root: wantedRoot, name }: WorkspacePlan,
  environment: Environment,
): Promise<Workspace> {
  const root = await checkWorkspaceRoot(wantedRoot);
  await mkdir(root, { recursive: true });
  const base = await mkdtemp(join(root, `${name}-`));
  const folder = join(base, "workspace");
  const home = join(base, "home");
  try {
    await mkdir(join(home, "tmp"), { recursive: true });
    if (task.kind === "command")
      return await cloneCommit(task, { base, folder, home }, environment);
    const commitStart = await commitStartOf({ task, folder }, environment);
    await openToAgent({ gitDir: join(folder, ".git"), folder }, environment);
    return { base, folder, home, commitStart };
  } catch (error) {
    await removeFolder(base);
    throw error;
  }
}

/** Makes the home empty again. The agent may have put anything into it, and in its place. */
export async function renewHome({ base, home }: Pick<Workspace, "base" | "home">): Promise<void> {
  await moveAside(home, base);
  await mkdir(join(home, "tmp"), { recursive: true });
}

/** The workspace of a commit is a clone of what setup made of it. */
async function cloneCommit(
  task: CommandTask,
  folders: Pick<Workspace, "base" | "folder" | "home">,
  environment: Environment,
): Promise<Workspace> {
  const { tree, home, commitStart } = await prepareSetup(task, environment);
  const setupHome = join(folders.base, "setup");
  await cloneFolder(tree, folders.folder, environment);
  await cloneFolder(home, setupHome, environment);
  return { ...folders, commitStart, setupHome };
}

/** Agents could read and change a repository that contains their workspaces. */
class WorkspaceRootError extends UsageError {
  constructor(root: string, repository: string) {
    super(
      `The workspace root ${root} is inside the git repository ${repository}, which the agents ` +
        "could then read and change. Name a folder outside of every repository with --workspace-root.",
    );
  }
}

/**
 * Returns the real path of a folder for workspaces, which need not exist yet.
 * @throws WorkspaceRootError if it is inside a git work tree.
 */
export async function checkWorkspaceRoot(root: string): Promise<string> {
  const real = await realPathOf(resolve(root));
  for (let folder = real; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) throw new WorkspaceRootError(root, folder);
    if (folder === dirname(folder)) return real;
  }
}

async function realPathOf(path: string): Promise<string> {
  if (existsSync(path)) return realpath(path);
  return join(await realPathOf(dirname(path)), path.slice(dirname(path).length));
}
