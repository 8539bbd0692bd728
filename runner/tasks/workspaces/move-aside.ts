import { chmod, lstat, mkdtemp, rename } from "node:fs/promises";
import path from "node:path";

/** Moves what an agent has put in a place out of the way. To remove it could take long. */
export async function moveAside(place: string, base: string): Promise<void> {
  const stats = await lstat(place).catch(() => undefined);
  if (stats === undefined) return;
  // A folder can only be moved by whoever may write in it.
  if (stats.isDirectory()) await chmod(place, 0o700);
  await rename(place, path.join(await mkdtemp(path.join(base, "aside-")), "moved"));
}
