import type { LedgerFolder } from "./file-system.ts";
import { LedgerSyncFailedError } from "./store-errors.ts";

/** Makes a file durable while its lock is held. */
export function syncNow({ fileSystem, folder }: LedgerFolder, fd: number): void {
  try {
    fileSystem.fdatasyncNow(fd);
  } catch (error) {
    throw syncFailure(`${folder}: a sync failed`, error);
  }
}

/** Makes the names in a folder durable. */
export function syncFolderNow({ fileSystem }: LedgerFolder, folder: string): void {
  try {
    fileSystem.syncFolder(folder);
  } catch (error) {
    throw syncFailure(`${folder}: the folder's sync failed`, error);
  }
}

/**
 * After a failed sync the kernel marks the pages clean, so a second sync would succeed and prove
 * nothing. The store therefore stops, and the next start verifies the files.
 */
export function syncFailure(what: string, cause: unknown): LedgerSyncFailedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LedgerSyncFailedError(
    `${what} (${reason}). The last rows may or may not survive, and this process writes nothing more. ` +
      `Check the disk, then start again: the next start verifies the files and continues.`,
    { cause },
  );
}
