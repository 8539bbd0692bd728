import { runGit, type GitEnvironment } from "./run-git.ts";
import type { SealedWorkspace } from "./workspace.ts";

/** Lines and files changed between two commits; a binary file counts as a file without lines. */
export interface Churn {
  readonly filesChanged: number;
  readonly insertions: number;
  readonly deletions: number;
}

/** Counts what changed; a renamed file counts as one deleted and one added. */
export async function measureChurn(
  sealed: Pick<SealedWorkspace, "gitDir" | "commitStart" | "commitEnd">,
  environment: GitEnvironment,
): Promise<Churn> {
  const { gitDir, commitStart, commitEnd } = sealed;
  const format = ["--numstat", "-z", "-r", "--no-renames", "--diff-algorithm=myers"];
  const safe = ["--no-ext-diff", "--no-textconv"];
  const args = ["diff-tree", ...format, ...safe, commitStart, commitEnd, "--"];
  const lines = (await runGit({ gitDir, args }, environment)).split("\0").filter(Boolean);
  const counts = lines.map((line) => line.split("\t", 2).map(countOf));
  return {
    filesChanged: counts.length,
    insertions: counts.reduce((sum, [added = 0]) => sum + added, 0),
    deletions: counts.reduce((sum, [, removed = 0]) => sum + removed, 0),
  };
}

/** For binary files git writes a dash. */
function countOf(text: string): number {
  return text === "-" ? 0 : Number(text);
}
