import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";

import type { Task } from "../bank/task.ts";
import { checkWorkspaceRoot } from "./check-workspace-root.ts";
import { commitStartOf } from "./commit-start.ts";
import { openToAgent } from "./open-to-agent.ts";
import { removeWorkspace } from "./remove-workspace.ts";
import type { GitEnvironment } from "./run-git.ts";
import type { Workspace } from "./workspace.ts";

export interface WorkspacePlan {
  readonly task: Task;
  /** The folder under which workspaces are made; made if it is not there. */
  readonly root: string;
  /** Readable start of the folder's name, e.g. `W0-01-1`; what follows makes it unique. */
  readonly name: string;
}

/**
 * Makes a fresh git repository with the task's starting files and its feature, outside of every
 * other repository, and a home for the agent beside it.
 */
export async function createWorkspace(
  plan: WorkspacePlan,
  environment: GitEnvironment,
): Promise<Workspace> {
  const root = await checkWorkspaceRoot(plan.root);
  await mkdir(root, { recursive: true });
  const base = await mkdtemp(join(root, `${plan.name}-`));
  const folder = join(base, "workspace");
  const home = join(base, "home");
  try {
    await mkdir(join(home, "tmp"), { recursive: true });
    const commitStart = await commitStartOf({ task: plan.task, folder }, environment);
    await openToAgent(join(folder, ".git"));
    return { base, folder, home, commitStart };
  } catch (error) {
    await removeWorkspace({ base });
    throw error;
  }
}
