import { cp, lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";

import { listFolderFiles } from "../../bank/read-task-folder.ts";
import { isBelow } from "../../bank/solution-module.ts";
import type { CommandTask } from "../../bank/task.ts";
import type { Environment } from "../../environment.ts";
import { cloneFolder } from "../../setup/clone-folder.ts";
import { type PreparedSetup, prepareSetup } from "../../setup/prepare-setup.ts";
import type { TaskRoom } from "../../setup/task-room.ts";
import { listTree } from "../../workspaces/commit-repository.ts";
import type { CommitSpan } from "../../workspaces/measure-churn.ts";
import { removeFolder } from "../../workspaces/remove-folder.ts";
import { runGit } from "../../workspaces/run-git.ts";
import { placeFile, removePlaced } from "./place-file.ts";

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
  const close = async () => await removeFolder(place);
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
  scratch: string,
): Promise<void> {
  const changes = (await listDifferences({ gitDir, commitStart, commitEnd }, environment)).filter(
    ({ file, isNew }) =>
      isGraded(task, file) && !RUNNER_FILES.test(file) && !(isNew && NEW_FILES.test(file)),
  );
  for (const { file } of changes.filter(({ isRemoved }) => isRemoved)) {
    await removePlaced(tree, file);
  }
  const changed = changes.filter(({ isRemoved }) => !isRemoved).map(({ file }) => file);
  const folder = await mkdtemp(path.join(scratch, "work-"));
  try {
    await checkOut({ gitDir, commit: commitEnd, files: changed, folder }, environment);
    for (const file of changed) {
      const source = path.join(folder, file);
      if (await exists(source)) await placeFile(tree, file, source);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isGraded({ solutionPaths }: CommandTask, file: string): boolean {
  return solutionPaths === undefined || solutionPaths.some((declared) => isBelow(file, declared));
}

async function listDifferences(
  { gitDir, commitStart, commitEnd }: CommitSpan,
  environment: Environment,
) {
  const args = ["diff-tree", "-r", "-z", "--name-status", "--no-renames", commitStart, commitEnd];
  const words = (await runGit({ gitDir, args }, environment)).split("\0").filter(Boolean);
  return words.flatMap((status, index) =>
    index % 2 === 0
      ? [{ isNew: status === "A", isRemoved: status === "D", file: words[index + 1] ?? "" }]
      : [],
  );
}

/** Writes some files of a commit into a folder. */
async function checkOut(
  { gitDir, commit, files, folder }: CheckOut,
  environment: Environment,
): Promise<void> {
  if (files.length === 0) return;
  const input = async function* () {
    yield files.join("\0");
  };
  const paths = ["--pathspec-from-file=-", "--pathspec-file-nul"];
  const args = ["--literal-pathspecs", "checkout", "--quiet", "--force", commit, ...paths];
  await runGit({ gitDir, workTree: folder, args, input: input() }, environment);
}

interface CheckOut extends Pick<CommitSpan, "gitDir"> {
  readonly commit: string;
  readonly files: readonly string[];
  readonly folder: string;
}

/** Restores what the task protects and lays the hidden tests over the work. They win. */
export async function layAcceptance(room: GradingRoom, scratch: string): Promise<void> {
  const { task, prepared, tree, environment } = room;
  const { protect, overlay } = task.acceptance;
  const gitDir = await mkdtemp(path.join(scratch, "index-"));
  const folder = path.join(gitDir, "files");
  try {
    // A checkout writes an index, and the prepared repository is for all windows.
    const own = path.join(gitDir, "own.git");
    await cp(prepared.repository, own, { recursive: true });
    await mkdir(folder);
    const all = await listTree({ gitDir: own, tree: prepared.commitStart }, environment);
    const files = all
      .map(({ file }) => file)
      .filter((file) => protect.some((declared) => isBelow(file, declared)));
    await checkOut({ gitDir: own, commit: prepared.commitStart, files, folder }, environment);
    for (const declared of protect) await removePlaced(tree, declared);
    for (const file of files) await placeFile(tree, file, path.join(folder, file));
  } finally {
    await rm(gitDir, { recursive: true, force: true });
  }
  if (overlay === undefined) return;
  for (const { relativePath, absolutePath } of listFolderFiles(path.join(task.folder, overlay))) {
    await placeFile(tree, relativePath, absolutePath);
  }
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}
