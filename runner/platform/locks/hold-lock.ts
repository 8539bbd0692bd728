import { rmSync } from "node:fs";

import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";

/** Holds a lock file. The kernel frees it however the process ends. Returns its release. */
export function holdLock(file: string): () => void {
  const descriptor = nodeFileSystem.open(file, "a+");
  nodeFileSystem.tryLock(descriptor);
  return () => {
    rmSync(file, { force: true });
    nodeFileSystem.close(descriptor);
  };
}

/** Whether the process that held a lock file has ended. Its file is removed then. */
export function isFree(file: string): boolean {
  const descriptor = nodeFileSystem.open(file, "a+");
  try {
    const isGone = nodeFileSystem.tryLock(descriptor);
    if (isGone) rmSync(file, { force: true });
    return isGone;
  } finally {
    nodeFileSystem.close(descriptor);
  }
}
