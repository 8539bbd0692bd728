import type { Churn } from "../../ledger/domain/window.ts";
import { type GitEnvironment, runGit } from "./run-git.ts";

/** Two commits of one repository. */
export interface CommitSpan {
  readonly gitDir: string;
  readonly commitStart: string;
  readonly commitEnd: string;
}

/**
 * Counts the files and lines that changed between two commits. A renamed file counts as one deleted
 * and one added; a binary file counts as a file without lines.
 */
export async function measureChurn(
  { gitDir, commitStart, commitEnd }: CommitSpan,
  environment: GitEnvironment,
): Promise<Churn> {
  const format = ["--numstat", "-z", "-r", "--no-renames", "--diff-algorithm=myers"];
  const safe = ["--no-ext-diff", "--no-textconv"];
  const args = ["diff-tree", ...format, ...safe, commitStart, commitEnd, "--"];
  const lines = (await runGit({ gitDir, args }, environment)).split("\0").filter(Boolean);
  const counts = lines.map((line) => line.split("\t", 2).map(countOf));
  return {
    files_changed: counts.length,
    insertions: counts.reduce((sum, [added = 0]) => sum + added, 0),
    deletions: counts.reduce((sum, [, removed = 0]) => sum + removed, 0),
  };
}

/** For binary files git writes a dash. */
function countOf(text: string): number {
  return text === "-" ? 0 : Number(text);
}
