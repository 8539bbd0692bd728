import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";

import type { Environment } from "../../platform/environment/environment.ts";
import { runGit } from "../../platform/git/run-git.ts";
import type { CommandTask } from "../bank/task.ts";
import { borrowRepository } from "../setup/commit-repository.ts";
import { prepareSetup } from "../setup/prepare-setup.ts";
import type { CommitSpan } from "./measure-churn.ts";

/**
 * Makes of a patch what sealing makes of an agent's work, so that both are graded in one way.
 * @param scratch a folder that the caller removes.
 * @throws GitError if the patch does not apply to the task's commit.
 */
export async function sealPatch(
  task: CommandTask,
  patch: string,
  { scratch, environment }: { readonly scratch: string; readonly environment: Environment },
): Promise<CommitSpan> {
  const { repository, commitStart } = await prepareSetup(task, environment);
  const place = await mkdtemp(path.join(scratch, "patch-"));
  const gitDir = path.join(place, "patch.git");
  const file = path.join(place, "patch");
  await writeFile(file, patch);
  await borrowRepository(repository, gitDir, { commit: commitStart, environment });
  const git = async (...args: readonly string[]) =>
    (await runGit({ gitDir, args }, environment)).trim();
  await git("read-tree", commitStart);
  if (patch.trim() !== "") await git("apply", "--cached", "--whitespace=nowarn", file);
  const tree = await git("write-tree");
  const identity = ["-c", "user.name=Counterbalance", "-c", "user.email=counterbalance@localhost"];
  const commitEnd = await git(...identity, "commit-tree", tree, "-p", commitStart, "-m", "Patch");
  return { gitDir, commitStart, commitEnd };
}
