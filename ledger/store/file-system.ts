import type { Mount } from "./find-mount.ts";

/** Tells a file from another one that took its name. */
export interface FileState {
  readonly inode: number;
  /** Bytes. */
  readonly size: number;
}

/** `a+` makes the file if it is absent and writes only at its end; `wx` fails if it exists. */
export type OpenFlag = "r" | "a+" | "wx";

/**
 * Every disk access of the ledger goes through here, so that tests can put a simulated disk under
 * the real code. Failures are errors with the system's `code` (ENOSPC, EIO, …).
 */
export interface FileSystem {
  open(path: string, flag: OpenFlag): number;
  close(fd: number): void;
  /** Reads into `into` from a place in the file; resolves to the bytes read, 0 at its end. */
  read(fd: number, into: Uint8Array, position: number): number;
  /** Writes at the end in one system call; the bytes written may be fewer than given. */
  write(fd: number, bytes: Uint8Array): number;
  truncate(fd: number, size: number): void;
  fdatasync(fd: number): Promise<void>;
  /** The same, while a lock is held: for the rare moments in which a file changes its name. */
  fdatasyncNow(fd: number): void;
  /** Makes new, renamed and removed names of a folder durable. */
  syncFolder(path: string): void;
  stateOf(fd: number): FileState;
  /** Undefined if the name does not exist. */
  stateAt(path: string): FileState | undefined;
  /** Names in a folder; empty if it does not exist. */
  list(folder: string): readonly string[];
  makeFolder(path: string): void;
  rename(from: string, to: string): void;
  /** Gives a file a second name; fails if the name is taken. */
  link(from: string, to: string): void;
  remove(path: string): void;
  /** The kernel's number for the type of the file system below a path. */
  typeAt(path: string): number;
  /** The mount of a path; undefined if the kernel does not report it. */
  mountAt(path: string): Mount | undefined;
  /**
   * The kernel's lock on an open file. It ends with its holder, and is never taken from a slow one.
   */
  tryLock(fd: number): boolean;
  unlock(fd: number): void;
}

/** A folder that is, or is to be, a ledger. */
export interface LedgerFolder {
  readonly fileSystem: FileSystem;
  readonly folder: string;
}

/** Uses a file while it is open. */
export function withFile<T>(
  fileSystem: FileSystem,
  { path, flag }: { readonly path: string; readonly flag: OpenFlag },
  use: (fd: number) => T,
): T {
  const fd = fileSystem.open(path, flag);
  try {
    return use(fd);
  } finally {
    fileSystem.close(fd);
  }
}
