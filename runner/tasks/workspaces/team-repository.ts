import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";

import type { Environment } from "../../platform/environment/environment.ts";
import { removePlaced } from "../../platform/git/place-entry.ts";
import { commitChanges, commitFolder } from "../../platform/git/repository.ts";
import { type GitEnvironment, nullIfGit, runGit } from "../../platform/git/run-git.ts";
import type { LeftOut } from "../../platform/reader/left-out.ts";
import type { Task } from "../bank/task.ts";
import { borrowRepository } from "../setup/commit-repository.ts";
import { prepareSetup } from "../setup/prepare-setup.ts";
import { commitStartOf } from "./commit-start.ts";
import { createWorkspace, type Workspace } from "./create-workspace.ts";
import { gatherChanges, gatherModule } from "./gather-work.ts";
import { placeEntries } from "./read-entries.ts";
import { makeFreshFolder, moveBeside, type SealedWorkspace } from "./seal-workspace.ts";

/** The commits of a team's turns, in a repository that no agent can write to. */
export interface TeamRepository {
  readonly task: Task;
  /** The folder below which workspaces are made. */
  readonly root: string;
  readonly gitDir: string;
  readonly commitStart: string;
  /** Removes what was not sealed. */
  readonly close: () => Promise<void>;
}

/** Opens a repository with only the start of a task, next to the workspaces below `root`. */
export async function openTeamRepository(
  task: Task,
  root: string,
  environment: Environment,
): Promise<TeamRepository> {
  const place = await makeFreshFolder({ base: path.join(root, "team") }, "sealing");
  const close = async () => await rm(place, { recursive: true, force: true });
  const opened = { task, root, close };
  try {
    if (task.kind === "gherkin") {
      const folder = path.join(place, "start");
      const commitStart = await commitStartOf({ task, folder }, environment);
      return { ...opened, gitDir: path.join(folder, ".git"), commitStart };
    }
    const { repository, commitStart } = await prepareSetup(task, environment);
    const gitDir = path.join(place, "team.git");
    await borrowRepository(repository, gitDir, { commit: commitStart, environment });
    return { ...opened, gitDir, commitStart };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes a fresh workspace with the work up to a commit, and the commits before it. */
export async function createTurnWorkspace(
  { task, root, gitDir, commitStart }: TeamRepository,
  { name, commit }: { readonly name: string; readonly commit: string },
  environment: Environment,
): Promise<Workspace> {
  const workspace = await createWorkspace({ task, root, name }, environment);
  if (commit === commitStart) return workspace;
  const { folder, base } = workspace;
  const own = path.join(folder, ".git");
  const place = await mkdtemp(path.join(base, "work-"));
  const bundle = path.join(place, "work.bundle");
  await runGit({ gitDir, args: ["update-ref", MAIN, commit] }, environment);
  const create = ["bundle", "create", "--quiet", bundle, MAIN, `^${commitStart}`];
  await runGit({ gitDir, args: create }, environment);
  // No agent has seen this workspace yet, so that its repository is as we made it.
  await runGit({ gitDir: own, args: ["bundle", "unbundle", bundle] }, environment);
  await runGit({ gitDir: own, args: ["update-ref", MAIN, commit] }, environment);
  // The index keeps what it knows of unchanged files. Git itself would apply the roles' attributes.
  await runGit({ gitDir: own, args: ["read-tree", "-i", "-m", commit] }, environment);
  const changes = await changedBetween({ gitDir, from: commitStart, to: commit }, environment);
  for (const file of changes.removed) await removePlaced(folder, file);
  const changed = new Set(changes.changed);
  const isWanted = (file: string) => changed.has(file);
  await placeEntries({ gitDir, commit, isWanted }, folder, environment);
  await rm(place, { recursive: true, force: true });
  return workspace;
}

const MAIN = "refs/heads/main";

/** One turn's work in its own workspace. */
export interface TurnWork {
  readonly folder: string;
  /** What the workspace began with. */
  readonly parent: string;
  /** The commit that the work is added to; not the parent if another role worked at the same time. */
  readonly onto: string;
  /** The role, and what the commit says about its work. */
  readonly author: string;
  readonly message: string;
  /** Says of a path relative to the workspace what becomes of its change. */
  readonly judge: (file: string) => "kept" | "discarded" | "ignored";
  /** Overwrites secrets in a file; absent if the files can hold none. */
  readonly redactFile?: (content: Buffer) => Buffer;
  readonly signal?: AbortSignal;
}

export interface CommittedTurn {
  /** `onto` if nothing was kept. */
  readonly commit: string;
  /** Files whose changes were discarded, sorted. */
  readonly discarded: readonly { readonly path: string; readonly change: "changed" | "removed" }[];
  /** What of the work could not be recorded. */
  readonly leftOut: readonly LeftOut[];
}

/** Commits what a role was allowed to change. Call it when no process of its agent is alive. */
export async function commitTurn(
  repository: TeamRepository,
  turn: TurnWork,
  environment: GitEnvironment,
): Promise<CommittedTurn> {
  const place = await makeFreshFolder({ base: path.join(repository.root, "team") }, "sealing");
  try {
    const to = path.join(place, "work");
    const found = await changesOf(repository, turn, { to, environment });
    return await commitKept(found, { gitDir: repository.gitDir, turn }, environment);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function commitKept(
  found: Awaited<ReturnType<typeof changesOf>>,
  { gitDir, turn }: { readonly gitDir: string; readonly turn: TurnWork },
  environment: GitEnvironment,
): Promise<CommittedTurn> {
  const { onto: parent, author, message, judge, redactFile } = turn;
  const { folder, leftOut } = found;
  const isKept = (file: string) => judge(file) === "kept";
  const isDiscarded = (file: string) => judge(file) === "discarded";
  await runGit({ gitDir, args: ["update-ref", MAIN, parent] }, environment);
  const changed = found.changed.filter(isKept);
  const removed = found.removed.filter(isKept);
  const commit = await commitChanges(
    { gitDir, folder, parent, message, author, redactFile, changed, removed },
    environment,
  );
  const discarded = [
    ...found.changed
      .filter(isDiscarded)
      .map((file) => ({ path: file, change: "changed" as const })),
    ...found.removed
      .filter(isDiscarded)
      .map((file) => ({ path: file, change: "removed" as const })),
  ].toSorted((left, right) => (left.path < right.path ? -1 : 1));
  return { commit, discarded, leftOut };
}

/** What a role changed, copied to a folder of ours. */
async function changesOf(
  { task, gitDir }: TeamRepository,
  { folder, parent, signal }: TurnWork,
  { to, environment }: { readonly to: string; readonly environment: GitEnvironment },
) {
  if (task.kind === "command") {
    const work = await gatherChanges({ folder, to, signal, gitDir, commit: parent }, environment);
    return { ...work, changed: work.files };
  }
  const { files, leftOut } = await gatherModule({ folder, to, signal }, task.solutionPaths);
  await runGit({ gitDir, args: ["update-ref", MAIN, parent] }, environment);
  const draft = { gitDir, folder: to, files, parent, message: "Draft" };
  const commit = await commitFolder(draft, environment);
  const changes = await changedBetween({ gitDir, from: parent, to: commit }, environment);
  return { ...changes, folder: to, leftOut };
}

/** The files that differ between two commits. */
export async function changedBetween(
  { gitDir, from, to }: Record<"gitDir" | "from" | "to", string>,
  environment: GitEnvironment,
) {
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--name-status", from, to, "--"];
  const parts = (await runGit({ gitDir, args }, environment)).split("\0");
  const changed: string[] = [];
  const added = new Set<string>();
  const removed: string[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const file = parts[at + 1] ?? "";
    (parts[at] === "D" ? removed : changed).push(file);
    if (parts[at] === "A") added.add(file);
  }
  return { changed, added, removed } as const;
}

/** What a role may see of the work so far: the text of its changes, cut at so many characters. */
export async function diffOf(
  { gitDir, commitStart }: TeamRepository,
  { commit, charactersMax }: { readonly commit: string; readonly charactersMax: number },
  environment: GitEnvironment,
): Promise<string> {
  const safe = ["--no-ext-diff", "--no-textconv", "--no-color"];
  const args = ["diff-tree", "-p", "-r", ...safe, commitStart, commit, "--"];
  const all = `git diff ${commitStart} ${commit}`;
  const text = await runGit({ gitDir, args }, environment).catch(nullIfGit);
  if (text === null) return `[Git could not show the diff here. See it with: ${all}]\n`;
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax)}\n[The diff continues. See all of it with: ${all}]\n`;
}

/** Moves the repository into the folder of a workspace, as the sealed work of the whole team. */
export async function sealTeam(
  { gitDir, commitStart }: TeamRepository,
  { workspace, commitEnd, leftOut }: FinishedWork,
  environment: GitEnvironment,
): Promise<SealedWorkspace> {
  await runGit({ gitDir, args: ["update-ref", MAIN, commitEnd] }, environment);
  const sealed = await moveBeside(workspace, gitDir);
  return { gitDir: sealed, commitStart, commitEnd, repaired: false, leftOut };
}

interface FinishedWork {
  readonly workspace: Pick<Workspace, "base">;
  readonly commitEnd: string;
  readonly leftOut: readonly LeftOut[];
}
