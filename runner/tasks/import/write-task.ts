import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { type GitEnvironment, runGitForBytes } from "../../platform/git/run-git.ts";
import type { ChangedFile, SourceRepository } from "./git-history.ts";
import type { CanaryFile } from "./runners/test-runner.ts";

/** The files of a task made from a commit. */
export interface TaskParts {
  readonly folder: string;
  readonly text: string;
  readonly statement: string;
  readonly solutionPatch: string;
  readonly hidden: readonly ChangedFile[];
  readonly canaries: readonly CanaryFile[];
}

/** Writes a task's folder, which must not exist yet. */
export async function writeTask(
  { folder, text, statement, solutionPatch, hidden, canaries }: TaskParts,
  { repository, commit }: { readonly repository: SourceRepository; readonly commit: string },
  environment: GitEnvironment,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "task.yaml"), text);
  await writeFile(path.join(folder, "statement.md"), `${statement}\n`);
  await writeFile(path.join(folder, "solution.patch"), solutionPatch);
  for (const file of hidden) {
    const args = ["cat-file", "blob", `${commit}:${file.path}`];
    const bytes = await runGitForBytes({ gitDir: repository.gitDir, args }, environment);
    const target = await writeHidden(folder, file.path, bytes);
    await chmod(target, file.isExecutable ? 0o755 : 0o644);
  }
  for (const canary of canaries) await writeHidden(folder, canary.path, canary.text);
}

async function writeHidden(folder: string, file: string, content: string | Buffer) {
  const target = path.join(folder, "hidden", file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, content);
  return target;
}
