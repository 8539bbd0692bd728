import { chmod, cp, lstat, mkdir, mkdtemp, opendir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { RefusedError } from "../../../ledger/domain/errors.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { commitChanges, commitFolder, openToAgent } from "../../platform/git/repository.ts";
import { type GitEnvironment, nullIfGit } from "../../platform/git/run-git.ts";
import type { LeftOut } from "../../platform/reader/left-out.ts";
import type { CommandTask, GherkinTask, Task } from "../bank/task.ts";
import { borrowRepository } from "../setup/commit-repository.ts";
import { prepareSetup } from "../setup/prepare-setup.ts";
import { commitStartOf } from "./commit-start.ts";
import type { WorkLimits } from "./copy-work.ts";
import type { Workspace } from "./create-workspace.ts";
import { gatherChanges, type Gathering, gatherModule } from "./gather-work.ts";
import type { CommitSpan } from "./measure-churn.ts";
import { moveAside } from "./move-aside.ts";

/**
 * An agent's work as two commits of a bare repository that the agent could not write to.
 * `commitEnd` is `commitStart` if nothing changed.
 */
export interface SealedWorkspace extends CommitSpan {
  /** The agent had removed or broken the workspace or its `.git`, and the harness made a new one. */
  readonly repaired: boolean;
  /** What of the agent's work the end commit leaves out. */
  readonly leftOut: readonly LeftOut[];
}

/** The task's starting files have changed since the workspace was made. */
class TaskChangedError extends RefusedError {
  constructor(task: Pick<Task, "folder">, commits: { readonly was: string; readonly is: string }) {
    super(
      `${task.folder}: the task's workspace or feature has changed since the window was opened ` +
        `(its start was commit ${commits.was} and is now ${commits.is}). Restore it.`,
    );
  }
}

export interface Sealing {
  readonly workspace: Workspace;
  readonly task: Task;
  readonly limits?: WorkLimits;
  readonly signal?: AbortSignal;
  /** Overwrites secrets in a file; absent if the files can hold none. */
  readonly redactFile?: (content: Buffer) => Buffer;
}

/**
 * Commits all of the agent's work. Call it when no process of the agent is alive.
 *
 * The commit goes into a new repository, built from the task's files. The agent could write to
 * the workspace's own `.git`, and git runs programs that a repository's configuration names.
 */
export async function sealWorkspace(
  sealing: Sealing,
  environment: Environment,
): Promise<SealedWorkspace> {
  const { workspace, task } = sealing;
  const { commitStart } = workspace;
  const isFolderRepaired = await repairFolders(workspace);
  const place = await makeFreshFolder(workspace, "sealing");
  try {
    const { built, commitEnd, leftOut, isRepositoryRepaired } =
      task.kind === "gherkin"
        ? await commitModule(sealing, { task, place }, environment)
        : await commitRepository(sealing, { task, place }, environment);
    const gitDir = await moveBeside(workspace, built);
    const repaired = isFolderRepaired || isRepositoryRepaired;
    return { gitDir, commitStart, commitEnd, repaired, leftOut };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Commits the whole folder: no rule of the agent hides a file. */
async function commitModule(
  sealing: Sealing,
  { task, place }: { readonly task: GherkinTask; readonly place: string },
  environment: GitEnvironment,
) {
  const { workspace, redactFile } = sealing;
  const built = await buildRepository({ workspace, task }, place, environment);
  const isRepositoryRepaired = await repairRepository(sealing, built, environment);
  const gathering = gatheringOf(sealing, place);
  const { folder, files, leftOut } = await gatherModule(gathering, task.solutionPaths);
  const message = `End of ${task.id}`;
  const parent = workspace.commitStart;
  const commit = { gitDir: built, folder, files, parent, message, redactFile };
  const commitEnd = await commitFolder(commit, environment);
  return { built, commitEnd, leftOut, isRepositoryRepaired };
}

function gatheringOf({ workspace: { folder }, limits, signal }: Sealing, place: string): Gathering {
  return { folder, to: join(place, "work"), limits, signal };
}

/** Commits what differs from the start. The start's objects stay in the prepared repository. */
async function commitRepository(
  sealing: Sealing,
  { task, place }: { readonly task: CommandTask; readonly place: string },
  environment: Environment,
) {
  const { workspace, redactFile } = sealing;
  const { commitStart } = workspace;
  const { repository, commitStart: commit } = await prepareSetup(task, environment);
  if (commit !== commitStart) throw new TaskChangedError(task, { was: commitStart, is: commit });
  const isRepositoryRepaired = await repairRepository(sealing, repository, environment);
  const built = join(place, "sealed.git");
  await borrowRepository(repository, built, { commit, environment });
  const gathering = { ...gatheringOf(sealing, place), gitDir: built, commit };
  const { folder, files: changed, removed, leftOut } = await gatherChanges(gathering, environment);
  const message = `End of ${task.id}`;
  const commitEnd = await commitChanges(
    { gitDir: built, folder, parent: commit, message, changed, removed, redactFile },
    environment,
  );
  return { built, commitEnd, leftOut, isRepositoryRepaired };
}

/**
 * Makes a folder next to the attempt's own. It did not exist while the agent ran, so nothing of the
 * agent's can be in it or in its place.
 */
export async function makeFreshFolder(
  { base }: Pick<Workspace, "base">,
  purpose: (typeof FRESH_FOLDERS)[number],
): Promise<string> {
  const root = dirname(base);
  await mkdir(root, { recursive: true });
  return await mkdtemp(join(root, `${purpose}-`));
}

const FRESH_FOLDERS = ["sealing", "grading"] as const;

/** Whether a name is that of a fresh folder. A killed harness leaves them behind. */
export function isFreshFolder(name: string): boolean {
  return FRESH_FOLDERS.some((purpose) => name.startsWith(`${purpose}-`));
}

/** Makes the folders of an attempt usable if the agent removed, replaced or closed them. */
export async function repairFolders(
  workspace: Pick<Workspace, "base" | "folder">,
): Promise<boolean> {
  let isRepaired = false;
  for (const folder of [workspace.base, workspace.folder]) {
    if (await isOfKind(folder, "isDirectory")) {
      await chmod(folder, 0o700);
      continue;
    }
    await rm(folder, { force: true });
    await mkdir(folder, { mode: 0o700 });
    isRepaired = true;
  }
  return isRepaired;
}

/** Builds a repository with only the start commit. */
async function buildRepository(
  { workspace, task }: { readonly workspace: Workspace; readonly task: GherkinTask },
  place: string,
  environment: GitEnvironment,
): Promise<string> {
  const start = join(place, "start");
  const commit = await commitStartOf({ task, folder: start }, environment);
  if (commit !== workspace.commitStart) {
    throw new TaskChangedError(task, { was: workspace.commitStart, is: commit });
  }
  return join(start, ".git");
}

/** Moves the repository into the attempt's folder. The agent may have put something in its place. */
export async function moveBeside(
  { base }: Pick<Workspace, "base">,
  built: string,
): Promise<string> {
  const gitDir = join(base, "sealed.git");
  await moveAside(gitDir, base);
  await rename(built, gitDir);
  return gitDir;
}

/** Restores the `.git` of the workspace if the agent has broken it. */
async function repairRepository(
  { workspace, signal }: Pick<Sealing, "workspace" | "signal">,
  gitDir: string,
  environment: GitEnvironment,
): Promise<boolean> {
  const own = join(workspace.folder, ".git");
  if (await holdsCommit(own, workspace.commitStart)) return false;
  // It only serves people who look into the workspace. The sealed repository does not need it.
  const isMoved = await moveAside(own, workspace.base).then(
    () => true,
    // Nothing moves out of an overlay.
    async () => await removeFolder(own, signal),
  );
  if (!isMoved) return true;
  await cp(gitDir, own, { recursive: true });
  await openToAgent({ gitDir: own, folder: workspace.folder }, environment).catch(nullIfGit);
  return true;
}

/** Reads the files itself, because git would obey the agent's configuration. */
async function holdsCommit(gitDir: string, commit: string): Promise<boolean> {
  if (!(await isOfKind(gitDir, "isDirectory"))) return false;
  for (const name of ["HEAD", "config"]) {
    if (!(await isOfKind(join(gitDir, name), "isFile"))) return false;
  }
  const loose = join(gitDir, "objects", commit.slice(0, 2), commit.slice(2));
  if (await isOfKind(loose, "isFile")) return true;
  return await holdsPack(join(gitDir, "objects", "pack"));
}

const ENTRIES_MAX = 1000;

async function holdsPack(folder: string): Promise<boolean> {
  const entries = await opendir(folder).catch(() => []);
  let looked = 0;
  for await (const { name } of entries) {
    looked += 1;
    if (name.endsWith(".pack")) return true;
    if (looked >= ENTRIES_MAX) break;
  }
  return false;
}

/** Whether the path itself is a file or a folder; a link is neither. */
async function isOfKind(path: string, kind: "isFile" | "isDirectory"): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && stats[kind]();
}
