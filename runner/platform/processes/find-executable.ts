import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

const found = new Map<string, string>();

/**
 * A program of the harness by its full path. It is looked up once for each PATH, before an agent runs:
 * what is planted in a folder of PATH later is never started.
 */
export async function findTool(
  name: string,
  folders: string | undefined,
): Promise<string | undefined> {
  const key = `${name}\0${folders ?? ""}`;
  const file = found.get(key) ?? (await findExecutable(name, folders));
  if (file !== undefined) found.set(key, file);
  return file;
}

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
