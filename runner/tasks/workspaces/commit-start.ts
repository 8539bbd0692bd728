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

import { listWorkTree } from "../../platform/git/list-work-tree.ts";
import { commitFolder, initRepository } from "../../platform/git/repository.ts";
import type { GitEnvironment } from "../../platform/git/run-git.ts";
import { LeftFolder } from "../../platform/reader/left-folder.ts";
import { Reading } from "../../platform/reader/reading.ts";
import type { GherkinTask } from "../bank/task.ts";

/**
 * Copies a task's starting files and its feature into a folder and commits them in a new repository.
 * Returns the commit, which depends only on these files.
 */
export async function commitStartOf(
  { task, folder }: { readonly task: GherkinTask; readonly folder: string },
  environment: GitEnvironment,
): Promise<string> {
  const gitDir = join(folder, ".git");
  await copyFolder(join(task.folder, "workspace"), folder);
  await mkdir(join(folder, "features"), { recursive: true });
  await writeFile(join(folder, "features", `${task.id}.feature`), task.featureText);
  await initRepository(gitDir);
  const tree = new LeftFolder(new Reading(NO_HURRY), folder);
  const files = (await listWorkTree(tree, task.solutionPaths)).toSorted();
  const message = `Start of ${task.id}`;
  return await commitFolder({ gitDir, folder, files, message }, environment);
}

/** No agent made the start, so no time limits its listing. */
const NO_HURRY = { monotonicMs: () => 0 };

/** Sets the modes itself, so that neither the umask nor a read-only bank changes the commit. */
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
