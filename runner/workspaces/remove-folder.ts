import { rmSync } from "node:fs";
import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { endOverlays } from "../setup/clone-folder.ts";

const DEPTH_MAX = 1000;

/** Removes a folder with everything in it, if it exists. Ends the overlays in it first. */
export async function removeFolder(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3, retryDelay: 50 } as const;
  await endOverlays(folder);
  try {
    await rm(folder, options);
  } catch {
    // Some tools leave folders that their owner may not change.
    await makeWritable(folder, 0);
    // Unlike its asynchronous twin, this removes folders whose path is longer than the system allows.
    rmSync(folder, options);
  }
}

async function makeWritable(folder: string, depth: number): Promise<void> {
  if (depth > DEPTH_MAX) return;
  await chmod(folder, 0o700).catch(() => undefined);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name), depth + 1);
  }
}
