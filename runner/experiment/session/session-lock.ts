import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { RefusedError } from "../../../ledger/domain/errors.ts";
import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";

/** Another run is using the same data folder. */
class SessionRunningError extends RefusedError {
  constructor(folder: string) {
    super(
      `${folder}: another run is using this folder. Wait for it, end it, or give this one a folder of its own with --data-dir.`,
    );
  }
}

/**
 * Locks the data folder for one run. The kernel frees the lock however the process ends, so a crash
 * leaves nothing to clean up.
 * @returns a function that releases the lock.
 */
export function lockSession(folder: DataFolder): () => void {
  return releaseOf(openLock(folder));
}

/** Locks the data folder, and notes which experiment is being begun or continued. */
export function lockExperiment(folder: DataFolder, experimentId: string): () => void {
  const descriptor = openLock(folder);
  const release = releaseOf(descriptor);
  try {
    nodeFileSystem.truncate(descriptor, 0);
    nodeFileSystem.write(descriptor, Buffer.from(experimentId));
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/** The experiment of the folder's last run; null if no run was here. */
export function lastLocked(folder: DataFolder): string | null {
  const file = lockFile(folder);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function openLock(folder: DataFolder): number {
  const descriptor = nodeFileSystem.open(lockFile(folder), "a+");
  if (nodeFileSystem.tryLock(descriptor)) return descriptor;
  nodeFileSystem.close(descriptor);
  throw new SessionRunningError(folder.root);
}

function releaseOf(descriptor: number): () => void {
  return () => {
    // A child that is just starting may hold a copy of the descriptor, which alone would keep the lock.
    nodeFileSystem.unlock(descriptor);
    nodeFileSystem.close(descriptor);
  };
}

function lockFile({ state }: DataFolder): string {
  return path.join(state, "session.lock");
}
