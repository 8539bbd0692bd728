import { getBuiltinModule } from "node:process";
import type { DatabaseSync } from "node:sqlite";

import type { FileLock } from "./file-lock.ts";

const SQLITE_BUSY = 5;

/**
 * Locks a file by an empty database beside it: SQLite's own lock, which the kernel keeps. The database is
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
