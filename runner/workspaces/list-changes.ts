import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, lstat, readlink } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";

import { listTree, type TreeEntry } from "./commit-repository.ts";
import { type TreeLimits, TREE_LIMITS, listWorkTree } from "./list-work-tree.ts";
import { type GitEnvironment, GitError, runGit } from "./run-git.ts";

/** What differs between a work tree and a commit, relative to the work tree. */
export interface WorkChanges {
  /** Files and links that are new or other than in the commit. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly omittedCount: number;
  /** Whether git could not apply the agent's ignore files, so that no file counts as ignored. */
  readonly isUnfiltered: boolean;
}

interface Comparison {
  /** A repository that the agent could not write to, with the commit. */
  readonly gitDir: string;
  readonly folder: string;
  readonly commit: string;
  readonly limits?: TreeLimits | undefined;
}

/**
 * Compares a work tree with a commit, without the agent's own repository. Files that git ignores are
 * left out: setup and builds write them. Unchanged files are read and not copied.
 */
export async function listChanges(
  comparison: Comparison,
  environment: GitEnvironment,
): Promise<WorkChanges> {
  const { gitDir, folder, commit, limits = TREE_LIMITS } = comparison;
  const changed: string[] = [];
  const removed: string[] = [];
  let omittedCount = 0;
  let bytes = 0;
  const take = async (file: string): Promise<boolean> => {
    const size = await sizeOf(path.join(folder, file));
    const fits =
      size !== undefined &&
      size <= limits.fileBytesMax &&
      bytes + size <= limits.totalBytesMax &&
      changed.length < limits.filesMax;
    if (fits) {
      changed.push(file);
      bytes += size;
    } else {
      omittedCount += 1;
    }
    return fits;
  };
  const folders = new Map<string, boolean>();
  for (const entry of await listTree({ gitDir, tree: commit }, environment)) {
    const isReached = await isReachedByFolders(folder, entry.file, folders);
    const state = isReached ? await compare(path.join(folder, entry.file), entry) : "gone";
    if (state === "gone") removed.push(entry.file);
    // A file that is now too large is not what it was either.
    if (state === "other" && !(await take(entry.file))) removed.push(entry.file);
  }
  const untracked = await listUntracked(comparison, limits, environment);
  omittedCount += untracked.omittedCount;
  for (const file of untracked.files) await take(file);
  return { changed, removed, omittedCount, isUnfiltered: untracked.isUnfiltered };
}

/** Whether no folder on the way is a link. It would lead out of the work tree, or to other files of it. */
async function isReachedByFolders(
  root: string,
  file: string,
  known: Map<string, boolean>,
): Promise<boolean> {
  const folder = path.posix.dirname(file);
  if (folder === ".") return true;
  const found = known.get(folder);
  if (found !== undefined) return found;
  const isReal =
    (await isReachedByFolders(root, folder, known)) &&
    (await lstat(path.join(root, folder)).catch(() => undefined))?.isDirectory() === true;
  known.set(folder, isReal);
  return isReal;
}

type State = "same" | "other" | "gone";

async function compare(file: string, { mode, hash, bytes }: TreeEntry): Promise<State> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return "gone";
  if (stats.isSymbolicLink()) {
    if (mode !== "120000") return "other";
    const target = await readlink(file, { encoding: "buffer" });
    return blobHash(target.length).update(target).digest("hex") === hash ? "same" : "other";
  }
  if (!stats.isFile()) return "gone";
  const isExecutable = (stats.mode & 0o100) !== 0;
  if (mode === "120000" || isExecutable !== (mode === "100755")) return "other";
  if (stats.size !== bytes) return "other";
  const read = blobHash(stats.size);
  try {
    await pipeline(createReadStream(file), read);
  } catch {
    return "other";
  }
  return read.digest("hex") === hash ? "same" : "other";
}

function blobHash(bytes: number) {
  return createHash("sha1").update(`blob ${String(bytes)}\0`);
}

/** The size of a readable file or a link; undefined for everything else. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const stats = await lstat(file);
    if (stats.isSymbolicLink()) return stats.size;
    if (!stats.isFile()) return undefined;
    await access(file, constants.R_OK);
    return stats.size;
  } catch {
    return undefined;
  }
}

/**
 * Files that the commit lacks and git does not ignore. The rules are those of the work tree itself, and not
 * those of the agent's repository. A repository inside the work tree hides nothing. If git can't apply the
 * rules in time, no file counts as ignored: what an agent breaks hides none of its work.
 */
async function listUntracked(
  { gitDir, folder, commit }: Comparison,
  limits: TreeLimits,
  environment: GitEnvironment,
) {
  try {
    await runGit({ gitDir, args: ["read-tree", commit] }, environment);
    const args = ["ls-files", "--others", "--exclude-standard", "-z"];
    const { ignoreSeconds: cpuSecondsMax, ignoreMs: limitMs } = limits;
    const call = { gitDir, workTree: folder, args, cpuSecondsMax, limitMs };
    const listed = await runGit(call, environment);
    const files: string[] = [];
    let omittedCount = 0;
    for (const file of listed.split("\0").filter(Boolean)) {
      if (!file.endsWith("/")) {
        if (!isOfGit(file)) files.push(file);
        continue;
      }
      const inner = await listWorkTree(path.join(folder, file), [], limits);
      files.push(...inner.files.map((one) => path.posix.join(file, one)));
      omittedCount += inner.omittedCount;
    }
    return { files, omittedCount, isUnfiltered: false };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // A line of 22 stars takes git 2.39 hours, and a pipe for an ignore file holds it for ever.
    const all = await listWorkTree(folder, [], limits);
    const tracked = new Set(
      (await listTree({ gitDir, tree: commit }, environment)).map((one) => one.file),
    );
    const files = all.files.filter((file) => !tracked.has(file));
    return { ...all, files, isUnfiltered: true };
  }
}

function isOfGit(file: string): boolean {
  return file.split("/").some((part) => part.toLowerCase() === ".git");
}
