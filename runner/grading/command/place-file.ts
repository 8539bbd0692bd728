import { chmod, copyFile, lstat, mkdir, readlink, rm, symlink } from "node:fs/promises";
import path from "node:path";

/**
 * Puts a file, or a link, at a path below a root. Anything in its way is removed. No link on the way is
 * followed, so that nothing is ever written outside the root.
 * @returns whether it was placed. A link that leads out of the root is not.
 */
export async function placeFile(
  root: string,
  relativePath: string,
  source: string,
): Promise<boolean> {
  const stats = await lstat(source);
  const target = path.join(root, relativePath);
  if (stats.isSymbolicLink()) {
    const leadsTo = await readlink(source);
    if (leadsOut(relativePath, leadsTo)) return false;
    await makeWay(root, relativePath);
    await symlink(leadsTo, target);
    return true;
  }
  if (!stats.isFile()) return false;
  await makeWay(root, relativePath);
  await copyFile(source, target);
  await chmod(target, (stats.mode & 0o100) === 0 ? 0o644 : 0o755);
  return true;
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

/** Makes the folders of a path, in the place of whatever is there, and removes what is at the path itself. */
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

/** A `..` behind a name may follow another link, so that only the system knows where it leads. */
function leadsOut(link: string, target: string): boolean {
  if (path.isAbsolute(target) || /[^./][^/]*\/\.\.(?:\/|$)|\/\.\/.*\.\./u.test(target)) return true;
  const end = path.posix.join(path.posix.dirname(link), target);
  return end === ".." || end.startsWith("../");
}
