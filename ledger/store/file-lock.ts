import { createRequire } from "node:module";

import { sqliteLock } from "./sqlite-lock.ts";

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

/** The lock of this machine: its native one or, where no binary of that was made for the machine, SQLite's. */
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

/** A held lock comes as an error, of which the stack is half the cost, and nobody sees it. */
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
