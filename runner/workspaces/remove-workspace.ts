import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const DEPTH_MAX = 1000;

/** Removes a workspace's folder with everything in it, if it exists. */
export async function removeWorkspace(workspace: { readonly base: string }): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3, retryDelay: 50 } as const;
  try {
    await rm(workspace.base, options);
  } catch {
    // Some tools leave folders that their owner may not change.
    await makeWritable(workspace.base, 0);
    await rm(workspace.base, options);
  }
}

async function makeWritable(folder: string, depth: number): Promise<void> {
  if (depth > DEPTH_MAX) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name), depth + 1);
  }
}
