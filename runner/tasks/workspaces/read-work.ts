import type { TreeEntry } from "../../platform/git/list-tree.ts";
import { listWorkTree } from "../../platform/git/list-work-tree.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import type { LeftFolder } from "../../platform/reader/left-folder.ts";
import type { Reading } from "../../platform/reader/reading.ts";
import { WorkComparison } from "./compare-work.ts";
import { WorkCopy, type WorkPlace } from "./copy-work.ts";

/** The work on a module: all files but dependencies. */
interface ModuleWork extends WorkPlace {
  readonly solutionPaths: readonly string[];
}

/** The work on a commit: what differs from it. */
interface CommitWork extends WorkPlace {
  readonly entries: readonly TreeEntry[];
  /** Files that the commit lacks, and folders, which end in a slash; null: look for every one. */
  readonly added: readonly string[] | null;
}

/** Copies the work on a module. */
export const readModule = inReader(import.meta.url, "module", copyModule);

/** Copies the work on a commit. Resolves to the files of the commit that the work lacks. */
export const readChanges = inReader(import.meta.url, "changes", copyChanges);

async function copyModule(work: ModuleWork, reading: Reading): Promise<void> {
  const copy = new WorkCopy(work, reading);
  for (const name of await listWorkTree(copy.left, work.solutionPaths)) await copy.take(name);
}

/** So many of the files that changed last are compared before added files are copied, and the others after that. */
const COMPARED_FIRST = 1000;

async function copyChanges(work: CommitWork, reading: Reading): Promise<readonly string[]> {
  const copy = new WorkCopy(work, reading);
  const comparison = new WorkComparison(copy, reading);
  const alike = await comparison.copyOthers(work.entries);
  await comparison.copyChanged(alike.slice(0, COMPARED_FIRST));
  for (const name of await listAdded(copy.left, work, reading)) await copy.take(name);
  await comparison.copyChanged(alike.slice(COMPARED_FIRST));
  return comparison.removed;
}

async function listAdded(
  left: LeftFolder,
  { entries, added }: CommitWork,
  { entriesLeft }: Reading,
): Promise<readonly string[]> {
  if (added === null) {
    const known = new Set(entries.map(({ file }) => file));
    return (await listWorkTree(left, [])).filter((file) => !known.has(file));
  }
  for (const name of added.slice(entriesLeft)) left.leaveOut("many", name);
  const lists = [];
  for (const name of added.slice(0, entriesLeft)) {
    const isFolder = name.endsWith("/");
    lists.push(isFolder ? await listWorkTree(left, [], name.replace(/\/+$/u, "")) : [name]);
  }
  return lists.flat();
}
