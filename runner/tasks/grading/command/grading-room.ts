import { mkdtemp } from "node:fs/promises";
import path from "node:path";

import type { Environment } from "../../../platform/environment/environment.ts";
import { cloneFolder } from "../../../platform/git/clone-folder.ts";
import {
  type FileEntry,
  LINK_MODE,
  placeEntry,
  readEntry,
  removePlaced,
} from "../../../platform/git/place-entry.ts";
import { removeFolder } from "../../../platform/git/remove-folder.ts";
import { listFolderFiles } from "../../bank/read-task-folder.ts";
import { isBelow } from "../../bank/solution-module.ts";
import type { CommandTask } from "../../bank/task.ts";
import { type PreparedSetup, prepareSetup } from "../../setup/prepare-setup.ts";
import type { TaskRoom } from "../../setup/task-room.ts";
import type { CommitSpan } from "../../workspaces/measure-churn.ts";
import { readEntries } from "../../workspaces/read-entries.ts";
import { changedBetween } from "../../workspaces/team-repository.ts";

/** A fresh setup of a task's commit, in which work is graded. */
export interface GradingRoom extends TaskRoom {
  readonly task: CommandTask;
  readonly prepared: PreparedSetup;
  readonly environment: Environment;
  close(): Promise<void>;
}

/** A folder outside every repository, and a home that several gradings share; absent for a fresh one. */
interface GradingPlace {
  readonly scratch: string;
  readonly home?: string;
}

export async function openGradingRoom(
  task: CommandTask,
  { scratch, home: shared }: GradingPlace,
  environment: Environment,
): Promise<GradingRoom> {
  const prepared = await prepareSetup(task, environment);
  const place = await mkdtemp(path.join(scratch, "room-"));
  const [tree, home] = [path.join(place, "tree"), shared ?? path.join(place, "home")];
  await cloneFolder(prepared.tree, tree, environment);
  if (shared === undefined) await cloneFolder(prepared.home, home, environment);
  const close = async () => void (await removeFolder(place));
  return { task, prepared, environment, tree, home, close };
}

/**
 * Files by which a change of the work could decide what the runner of the tests does. The hidden tests
 * may bring their own.
 */
const RUNNER_FILES =
  /(?:^|\/)(?:conftest\.py|\.?pytest\.(?:ini|toml)|tox\.ini|noxfile\.py|(?:site|user)customize(?:\.py|\/.+)|[^/]+\.pth|(?:vitest|jest|karma|playwright|ava)\.(?:config|setup|workspace)\.[^/]+|\.mocharc(?:\.[^/]+)?|\.rspec|\.cargo\/.+|go\.work|\.npmrc|\.yarnrc(?:\.yml)?|\.pnp\.[^/]+)$/u;

/**
 * Files that only the agent's own tests need, and projects' files that also hold a runner's settings. New
 * ones do not count: two tests of one name hide each other, and in Go they do not even compile.
 */
const NEW_FILES =
  /(?:^|\/)(?:pyproject\.toml|setup\.cfg|(?:vite|babel)\.config\.[^/]+|\.babelrc(?:\.[^/]+)?|test_[^/]*\.py|[^/]*_test\.(?:py|go)|[^/]+\.(?:test|spec)\.[cm]?[jt]sx?|[^/]*(?:Test|Tests|IT)\.(?:java|kt)|[^/]*_(?:spec|test)\.rb)$/u;

/** Applies the changes of sealed work: files that changed, were added or removed. */
export async function applyWork(
  { task, tree, environment }: GradingRoom,
  { gitDir, commitStart, commitEnd }: CommitSpan,
): Promise<void> {
  const span = { gitDir, from: commitStart, to: commitEnd };
  const { added, removed, ...found } = await changedBetween(span, environment);
  const isTaken = (file: string) =>
    isGraded(task, file) && !RUNNER_FILES.test(file) && !(added.has(file) && NEW_FILES.test(file));
  for (const file of removed.filter(isTaken)) await removePlaced(tree, file);
  const changed = new Set(found.changed.filter(isTaken));
  const isWanted = (file: string) => changed.has(file);
  const source = { gitDir, commit: commitEnd, isWanted };
  for await (const { file, ...entry } of readEntries(source, environment)) {
    await placeGraded(tree, file, entry);
  }
}

function isGraded({ solutionPaths }: CommandTask, file: string): boolean {
  return solutionPaths === undefined || solutionPaths.some((declared) => isBelow(file, declared));
}

/** Restores what the task protects and lays the hidden tests over the work. They win. */
export async function layAcceptance({
  task,
  prepared,
  tree,
  environment,
}: GradingRoom): Promise<void> {
  const { protect, overlay } = task.acceptance;
  for (const declared of protect) await removePlaced(tree, declared);
  const isWanted = (file: string) => protect.some((declared) => isBelow(file, declared));
  const source = { gitDir: prepared.repository, commit: prepared.commitStart, isWanted };
  for await (const { file, ...entry } of readEntries(source, environment)) {
    await placeGraded(tree, file, entry);
  }
  if (overlay === undefined) return;
  for (const { relativePath, absolutePath } of listFolderFiles(path.join(task.folder, overlay))) {
    await placeGraded(tree, relativePath, await readEntry(absolutePath));
  }
}

/** Places a file of graded work. A link that leads out of the tree is left out. */
async function placeGraded(tree: string, file: string, entry: FileEntry): Promise<void> {
  if (entry.mode === LINK_MODE && leadsOut(file, entry.content.toString())) return;
  await placeEntry(tree, file, entry);
}

/** A `..` after a name may follow another link, so only the system knows where it leads. */
function leadsOut(link: string, target: string): boolean {
  if (path.isAbsolute(target) || /[^./][^/]*\/\.\.(?:\/|$)|\/\.\/.*\.\./u.test(target)) return true;
  const end = path.posix.join(path.posix.dirname(link), target);
  return end === ".." || end.startsWith("../");
}
