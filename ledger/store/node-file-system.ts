import fs from "node:fs";
import { promisify } from "node:util";

import { hasCode } from "../domain/errors.ts";
import { type FileLock, loadFileLock } from "./file-lock.ts";
import type { FileState, FileSystem } from "./file-system.ts";
import { findMount, type Mount } from "./find-mount.ts";

/** Only Linux has it. */
const MOUNTS = "/proc/self/mountinfo";

/** The real disk. */
export const nodeFileSystem: FileSystem = createNodeFileSystem(loadFileLock());

export function createNodeFileSystem(lock: FileLock): FileSystem {
  const paths = new Map<number, string>();
  const lockedFile = (fd: number) => ({ fd, path: paths.get(fd) ?? "" });
  return {
    open: (path, flag) => {
      const fd = fs.openSync(path, flag, 0o600);
      paths.set(fd, path);
      return fd;
    },
    close: (fd) => {
      paths.delete(fd);
      fs.closeSync(fd);
    },
    read: (fd, into, position) => fs.readSync(fd, into, 0, into.length, position),
    write: (fd, bytes) => fs.writeSync(fd, bytes),
    truncate: (fd, size) => fs.ftruncateSync(fd, size),
    fdatasync: promisify(fs.fdatasync),
    fdatasyncNow: (fd) => fs.fdatasyncSync(fd),
    syncFolder,
    stateOf: (fd) => stateFrom(fs.fstatSync(fd)),
    stateAt: (path) => {
      const stats = fs.statSync(path, { throwIfNoEntry: false });
      return stats === undefined ? undefined : stateFrom(stats);
    },
    list: (folder) => (fs.existsSync(folder) ? fs.readdirSync(folder) : []),
    makeFolder: (path) => void fs.mkdirSync(path, { recursive: true }),
    rename: (from, to) => fs.renameSync(from, to),
    link: (from, to) => fs.linkSync(from, to),
    remove: (path) => fs.unlinkSync(path),
    typeAt: (path) => fs.statfsSync(path).type,
    mountAt,
    tryLock: (fd) => lock.tryLock(lockedFile(fd)),
    unlock: (fd) => lock.unlock(lockedFile(fd)),
  };
}

function stateFrom(stats: fs.Stats): FileState {
  return { inode: stats.ino, size: stats.size };
}

function mountAt(path: string): Mount | undefined {
  try {
    return findMount(fs.readFileSync(MOUNTS, "utf8"), fs.statSync(path).dev);
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return undefined;
    throw error;
  }
}

function syncFolder(path: string): void {
  const fd = fs.openSync(path, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
