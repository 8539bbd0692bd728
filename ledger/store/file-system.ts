import type { Mount } from "./find-mount.ts";

/** What tells one file from another that took its name. */
export interface FileState {
  readonly inode: number;
  /** Bytes. */
  readonly size: number;
}

/** `a+` makes the file where it is absent and writes only at its end; `wx` fails where it exists. */
export type OpenFlag = "r" | "a+" | "wx";

/**
 * Every call of the ledger to the disk goes through here, so that a simulated disk can stand under
 * the real code. Failures are errors with the system's `code` (ENOSPC, EIO, …).
 */
export interface FileSystem {
  /** Whether descriptors are the kernel's, so that another thread may read by them too. */
  readonly isOfKernel?: boolean;
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
  /** Undefined where nothing has that name. */
  stateAt(path: string): FileState | undefined;
  /** Names in a folder; none where it does not exist. */
  list(folder: string): readonly string[];
  makeFolder(path: string): void;
  rename(from: string, to: string): void;
  /** Gives a file a second name; fails where the name is taken. */
  link(from: string, to: string): void;
  remove(path: string): void;
  /** The kernel's number for the type of the file system below a path. */
  typeAt(path: string): number;
  /** The mount that a path lies on; undefined where the kernel does not tell. */
  mountAt(path: string): Mount | undefined;
  /** The kernel's lock on an open file: gone when its holder is, never taken from one that is only slow. */
  tryLock(fd: number): boolean;
  unlock(fd: number): void;
}
