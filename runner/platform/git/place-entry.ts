import { chmod, lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { hasCode } from "../../../ledger/domain/errors.ts";

/** What git records of a file, or of a link. */
export interface FileEntry {
  readonly mode: string;
  /** A link's target, or a file's bytes. */
  readonly content: Buffer;
}

export const LINK_MODE = "120000";
const PROGRAM_MODE = "100755";
const FILE_MODE = "100644";

/** Reads a file, or a link itself. */
export async function readEntry(file: string): Promise<FileEntry> {
  const stats = await lstat(file);
  if (stats.isSymbolicLink()) {
    return { mode: LINK_MODE, content: await readlink(file, { encoding: "buffer" }) };
  }
  return { mode: stats.mode & 0o100 ? PROGRAM_MODE : FILE_MODE, content: await readFile(file) };
}

/**
 * Puts a file, or a link, at a path below a root. Anything in its way is removed. No link on the way is
 * followed, so that nothing is ever written outside the root. A path that is too long here is left out.
 */
export async function placeEntry(
  root: string,
  relativePath: string,
  entry: FileEntry,
): Promise<void> {
  try {
    await makeWay(root, relativePath);
    await write(path.join(root, relativePath), entry);
  } catch (error) {
    if (!hasCode(error, "ENAMETOOLONG")) throw error;
  }
}

async function write(target: string, { mode, content }: FileEntry): Promise<void> {
  if (mode === LINK_MODE) return await symlink(content, target);
  await writeFile(target, content);
  await chmod(target, mode === PROGRAM_MODE ? 0o755 : 0o644);
}

/** Removes what is at a path below a root, unless a link is on the way. */
export async function removePlaced(root: string, relativePath: string): Promise<void> {
  const parents = relativePath.split("/").slice(0, -1);
  for (let depth = 1; depth <= parents.length; depth += 1) {
    const folder = path.join(root, ...parents.slice(0, depth));
    if ((await lstat(folder).catch(() => undefined))?.isDirectory() !== true) return;
  }
  await rm(path.join(root, relativePath), { recursive: true, force: true });
}

/** Makes the folders of a path, replaces whatever is in their place, and removes what is at the path itself. */
async function makeWay(root: string, relativePath: string): Promise<void> {
  const parents = relativePath.split("/").slice(0, -1);
  for (let depth = 1; depth <= parents.length; depth += 1) {
    const folder = path.join(root, ...parents.slice(0, depth));
    const stats = await lstat(folder).catch(() => undefined);
    if (stats?.isDirectory() === true) continue;
    await rm(folder, { force: true });
    await mkdir(folder);
  }
  await rm(path.join(root, relativePath), { recursive: true, force: true });
}
