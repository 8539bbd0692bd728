import { lstat, realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";

import { ToolRefusal } from "./tool.ts";

/** The absolute form of `path`. Refuses a path that lies, or leads, outside the folder. */
export async function confinePath(folder: string, path: string): Promise<string> {
  if (path.includes("\0")) throw new ToolRefusal("A path cannot contain a NUL character.");
  const target = resolve(folder, path);
  if (!isInside(folder, target) || !isInside(folder, await followLinks(target))) {
    throw new ToolRefusal(`"${path}" lies outside the working directory. Use a path inside it.`);
  }
  return target;
}

/** The path without symbolic links; for a path that does not exist yet, its nearest folder. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (await isLink(path)) {
      throw new ToolRefusal(`"${path}" is a symbolic link that leads nowhere.`, { cause: error });
    }
    const parent = dirname(path);
    return parent === path ? path : followLinks(parent);
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith("../") && !isAbsolute(way);
}
