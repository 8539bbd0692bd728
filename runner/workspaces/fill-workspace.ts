import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readlink,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";

import type { Task } from "../bank/task.ts";

/** Copies a task's starting workspace and its feature into an empty folder. */
export async function fillWorkspace(task: Task, folder: string): Promise<void> {
  await copyFolder(join(task.folder, "workspace"), folder);
  await mkdir(join(folder, "features"), { recursive: true });
  await writeFile(join(folder, "features", `${task.id}.feature`), task.featureText);
}

/** Modes are made new, so that neither the umask nor a read-only bank changes the commit. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    // The workspace gets a repository of its own.
    if (entry.name === ".git") continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await copyFolder(source, target);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else {
      await copyFile(source, target);
      const isExecutable = ((await stat(source)).mode & 0o100) !== 0;
      await chmod(target, isExecutable ? 0o755 : 0o644);
    }
  }
}
