import { constants } from "node:fs";
import { lstat, mkdir, open, opendir, writeFile } from "node:fs/promises";
import path from "node:path";

const FILES_MAX = 1000;
/** Files, folders and everything else. */
const ENTRIES_MAX = 10_000;
const BYTES_MAX = 8 * 1024 * 1024;
const DEPTH_MAX = 20;

/** The solution is larger than allowed. It is graded like a solution that does nothing. */
export class SolutionTooLargeError extends Error {}

/** What was copied so far. */
interface Tally {
  entries: number;
  files: number;
  bytes: number;
}

/**
 * Copies the declared paths and nothing else. It takes only regular files and skips pipes, devices and
 * symbolic links, not even as a parent folder. It skips what is missing, may not be read
 * or has too long a path: that is the solution's own doing.
 * @throws SolutionTooLargeError
 */
export async function copySolution(
  from: string,
  to: string,
  paths: readonly string[],
): Promise<void> {
  const tally: Tally = { entries: 0, files: 0, bytes: 0 };
  for (const declared of paths) {
    const relativePath = path.posix.normalize(declared).replace(/\/$/u, "");
    if (!(await isReachedByFolders(from, relativePath))) continue;
    const entry = { from: path.join(from, relativePath), to: path.join(to, relativePath) };
    await copyEntry({ ...entry, depth: 0 }, tally);
  }
}

/** Whether every parent of the path is a real folder, so that no link leads out of the workspace. */
async function isReachedByFolders(from: string, relativePath: string): Promise<boolean> {
  const parents = relativePath.split("/").slice(0, -1);
  for (let depth = 0; depth <= parents.length; depth += 1) {
    const status = await lstatIfThere(path.join(from, ...parents.slice(0, depth)));
    if (status === undefined || !status.isDirectory()) return false;
  }
  return true;
}

interface Entry {
  readonly from: string;
  readonly to: string;
  readonly depth: number;
}

async function copyEntry(entry: Entry, tally: Tally): Promise<void> {
  tally.entries += 1;
  if (tally.entries > ENTRIES_MAX) {
    throw new SolutionTooLargeError(`The solution has more than ${ENTRIES_MAX} files and folders.`);
  }
  const status = await lstatIfThere(entry.from);
  if (status?.isDirectory() === true) await copyFolder(entry, tally);
  if (status?.isFile() === true) await copyFile(entry, tally);
}

async function copyFolder(entry: Entry, tally: Tally): Promise<void> {
  if (entry.depth >= DEPTH_MAX) {
    throw new SolutionTooLargeError(`The solution has folders more than ${DEPTH_MAX} deep.`);
  }
  const folder = await opendir(entry.from).catch(() => undefined);
  if (folder === undefined) return;
  for await (const { name } of folder) {
    const child = {
      from: path.join(entry.from, name),
      to: path.join(entry.to, name),
      depth: entry.depth + 1,
    };
    await copyEntry(child, tally);
  }
}

async function copyFile({ from, to }: Entry, tally: Tally): Promise<void> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(from, flags).catch(() => undefined);
  if (handle === undefined) return;
  try {
    const status = await handle.stat();
    if (!status.isFile()) return;
    tally.files += 1;
    tally.bytes += status.size;
    if (tally.files > FILES_MAX) {
      throw new SolutionTooLargeError(`The solution has more than ${FILES_MAX} files.`);
    }
    if (tally.bytes > BYTES_MAX) {
      throw new SolutionTooLargeError(`The solution has more than ${BYTES_MAX} bytes.`);
    }
    const bytes = Buffer.alloc(status.size);
    const { bytesRead } = await handle.read(bytes, 0, status.size, 0);
    await writeCopy(to, bytes.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** The path here can be longer than in the workspace, and then too long. */
async function writeCopy(to: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, bytes, { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENAMETOOLONG")) throw error;
  }
}

async function lstatIfThere(file: string) {
  return await lstat(file).catch(() => undefined);
}
