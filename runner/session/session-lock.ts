import path from "node:path";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { nodeFileSystem } from "../../ledger/store/node-file-system.ts";
import type { DataFolder } from "./data-folder.ts";

/** Another harness is working on the same data folder. */
class SessionRunningError extends CounterbalanceError {
  readonly exitCode = 3;

  constructor(folder: string) {
    super(
      `${folder}: another run is using this folder. Wait for it, end it, or give this one a folder of its own with --data-dir.`,
    );
  }
}

/**
 * Takes the data folder for one harness. The kernel frees it when the process is gone, however it
 * went, so that nothing has to be cleaned up after a crash.
 * @returns a function that gives it back.
 */
export function lockSession(folder: DataFolder): () => void {
  const descriptor = nodeFileSystem.open(path.join(folder.state, "session.lock"), "a+");
  if (!nodeFileSystem.tryLock(descriptor)) {
    nodeFileSystem.close(descriptor);
    throw new SessionRunningError(folder.root);
  }
  return () => nodeFileSystem.close(descriptor);
}
