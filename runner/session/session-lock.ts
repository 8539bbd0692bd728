import path from "node:path";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import { nodeFileSystem } from "../../ledger/store/node-file-system.ts";
import type { DataFolder } from "../data-folder.ts";

/** Another run is using the same data folder. */
class SessionRunningError extends CounterbalanceError {
  readonly exitCode = EXIT.refused;

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
  const descriptor = nodeFileSystem.open(path.join(folder.state, "session.lock"), "a+");
  if (!nodeFileSystem.tryLock(descriptor)) {
    nodeFileSystem.close(descriptor);
    throw new SessionRunningError(folder.root);
  }
  return () => {
    // A child that is just starting may hold a copy of the descriptor, which alone would keep the lock.
    nodeFileSystem.unlock(descriptor);
    nodeFileSystem.close(descriptor);
  };
}
