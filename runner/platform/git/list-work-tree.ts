import path from "node:path";

import type { LeftFolder } from "../reader/left-folder.ts";

/** Folders that a package manager fills; the agent did not write them. */
const DEPENDENCY_FOLDERS: ReadonlySet<string> = new Set(["node_modules", ".venv", "__pycache__"]);

/**
 * Lists what is not a folder in a tree, without git: no ignore file hides a file, and no nested repository is skipped.
 * The solution comes first, so that other files can't use up a limit. `.git` at any depth, and folders of
 * dependencies outside of the solution, are not work.
 * @param from the folder of the tree to begin with; "" for all of it.
 */
export async function listWorkTree(
  tree: LeftFolder,
  solutionPaths: readonly string[],
  from = "",
): Promise<readonly string[]> {
  const solution = solutionPaths.map((one) => one.replace(/^\.\/|\/+$/gu, ""));
  const isSolution = (name: string) => solution.some((one) => isOnOneLine(one, name));
  const files: string[] = [];
  const enter = async (folder: string): Promise<void> => {
    const entries = (await tree.list(folder, namesBelow(folder, solution))) ?? [];
    const work = entries
      .map(({ name, kind }) => ({ path: path.join(folder, name), name, kind }))
      .filter((one) => one.name.toLowerCase() !== ".git");
    for (const one of [
      ...work.filter((each) => isSolution(each.path)),
      ...work.filter((each) => !isSolution(each.path)),
    ]) {
      if (!one.kind.isDirectory()) files.push(one.path);
      else if (!DEPENDENCY_FOLDERS.has(one.name) || isSolution(one.path)) await enter(one.path);
    }
  };
  await enter(from);
  return files;
}

/** Whether one path is the other, or is inside it. */
function isOnOneLine(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** The names in a folder that are on the way to the solution. */
function namesBelow(folder: string, solution: readonly string[]): readonly string[] {
  const start = folder === "" ? "" : `${folder}/`;
  const below = solution.filter((one) => one.startsWith(start));
  return [...new Set(below.map((one) => one.slice(start.length).split("/", 1)[0] ?? ""))];
}
