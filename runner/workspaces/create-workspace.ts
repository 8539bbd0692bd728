import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";

import type { Task } from "../bank/task.ts";
import { checkWorkspaceRoot } from "./check-workspace-root.ts";
import { commitStartOf } from "./commit-start.ts";
import { removeWorkspace } from "./remove-workspace.ts";
import { openToAgent } from "./repository.ts";
import type { GitEnvironment } from "./run-git.ts";

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
 * other repository, and a home for the agent beside it.
 */
export async function createWorkspace(
  { task, root: wantedRoot, name }: WorkspacePlan,
  environment: GitEnvironment,
): Promise<Workspace> {
  const root = await checkWorkspaceRoot(wantedRoot);
  await mkdir(root, { recursive: true });
  const base = await mkdtemp(join(root, `${name}-`));
  const folder = join(base, "workspace");
  const home = join(base, "home");
  try {
    await mkdir(join(home, "tmp"), { recursive: true });
    const commitStart = await commitStartOf({ task, folder }, environment);
    await openToAgent(join(folder, ".git"));
    return { base, folder, home, commitStart };
  } catch (error) {
    await removeWorkspace({ base });
    throw error;
  }
}
