import { createRequire } from "node:module";
import { getBuiltinModule } from "node:process";
import type { DatabaseSync } from "node:sqlite";

const SQLITE_BUSY = 5;

/** An open file, by its descriptor and by its name. */
interface LockedFile {
  readonly fd: number;
  readonly path: string;
}

/** A lock that the kernel takes from a process that has ended, and from no other. */
export interface FileLock {
  tryLock(file: LockedFile): boolean;
  unlock(file: LockedFile): void;
}

interface NativeLock {
  tryLock(fd: number): boolean;
  unlock(fd: number): void;
}

/** The lock of this machine: the native one or, if no binary exists for the machine, SQLite's. */
export function loadFileLock(load: () => NativeLock = loadNative): FileLock {
  try {
    const native = load();
    return {
      tryLock: ({ fd }) => withoutStack(() => native.tryLock(fd)),
      unlock: ({ fd }) => native.unlock(fd),
    };
  } catch {
    return sqliteLock();
  }
}

/** A held lock is reported as an error. Its stack would be half the cost, and is never shown. */
function withoutStack<T>(call: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return call();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function loadNative(): NativeLock {
  const native: NativeLock = createRequire(import.meta.url)("fs-native-extensions");
  return native;
}

/**
 * Locks a file by an empty database in the same folder: SQLite's own lock, which the kernel keeps. The database is
 * never written to. All processes of a machine use the same kind of lock, as all load the same modules.
 */
export function sqliteLock(): FileLock {
  const sqlite = getBuiltinModule("node:sqlite");
  const held = new Map<number, DatabaseSync>();
  return {
    tryLock: ({ fd, path }) => {
      const database = new sqlite.DatabaseSync(`${path}.lock`, { timeout: 0 });
      if (!begin(database)) return false;
      held.set(fd, database);
      return true;
    },
    unlock: ({ fd }) => {
      held.get(fd)?.close();
      held.delete(fd);
    },
  };
}

function begin(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN IMMEDIATE");
    return true;
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
