import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** The absolute path of a command, found as a shell finds it, but without relative folders. */
export async function findExecutable(
  command: string,
  path: string | undefined,
): Promise<string | undefined> {
  for (const folder of (path ?? "").split(delimiter)) {
    const file = join(folder, command);
    if (isAbsolute(folder) && (await isExecutable(file))) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
