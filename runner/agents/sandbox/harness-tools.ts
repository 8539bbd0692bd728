import { realpathSync, statSync } from "node:fs";
import path from "node:path";

import { isWithin } from "./sandbox-line.ts";

const ANYONE_WRITES = 0o002;
const STICKY = 0o1000;

/**
 * Says why an agent without a sandbox could replace a program; undefined if it could not.
 * @param agentFolders folders in which agents write, or that hold what they write.
 */
export function replaceableBecause(
  file: string,
  agentFolders: readonly string[],
): string | undefined {
  for (const name of new Set([realpathSync(file), file])) {
    const folder = agentFolders.find((each) => isWithin(name, each));
    if (folder !== undefined) return `agents write in ${folder}`;
    const open = lineOf(name).find(isOpenToAnyone);
    if (open !== undefined) return `every user may write ${open}`;
  }
  return undefined;
}

function lineOf(name: string): readonly string[] {
  const parent = path.dirname(name);
  return parent === name ? [name] : [name, ...lineOf(parent)];
}

/** In a folder with the sticky bit, such as `/tmp`, nobody may replace the files of others. */
function isOpenToAnyone(name: string): boolean {
  const { mode } = statSync(name);
  return (mode & ANYONE_WRITES) !== 0 && (mode & STICKY) === 0;
}
