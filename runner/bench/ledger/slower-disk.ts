import { setTimeout as sleep } from "node:timers/promises";

import type { FileSystem } from "../../../ledger/store/file-system.ts";
import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";

/** The real disk with milliseconds added to every sync, for machines whose disk is quicker than most. */
export function slowerDisk(addedMs: number): FileSystem {
  if (addedMs === 0) return nodeFileSystem;
  return {
    ...nodeFileSystem,
    fdatasync: async (fd) => {
      await nodeFileSystem.fdatasync(fd);
      await sleep(addedMs);
    },
  };
}
