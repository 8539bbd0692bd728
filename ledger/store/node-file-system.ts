import fs from "node:fs";
import { promisify } from "node:util";

import { tryLock, unlock } from "fs-native-extensions";

import type { FileState, FileSystem } from "./file-system.ts";

/** The real disk. */
export const nodeFileSystem: FileSystem = {
  open: (path, flag) => fs.openSync(path, flag, 0o600),
  close: (fd) => fs.closeSync(fd),
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
  tryLock,
  unlock,
};

function stateFrom(stats: fs.Stats): FileState {
  return { inode: stats.ino, size: stats.size };
}

function syncFolder(path: string): void {
  const fd = fs.openSync(path, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
