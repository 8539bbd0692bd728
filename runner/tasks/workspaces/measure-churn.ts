import type { Churn } from "../../../ledger/domain/window.ts";
import { type GitEnvironment, runGit } from "../../platform/git/run-git.ts";

/** Two commits of one repository. */
export interface CommitSpan {
  readonly gitDir: string;
  readonly commitStart: string;
  readonly commitEnd: string;
}

/** Beyond this many files git compares no pair, and a renamed file is one deleted and one added. */
const RENAMES_MAX = 2000;

/**
 * Counts the files and lines that changed between two commits, each once. A renamed file is one file, with
 * the lines that differ; git takes a file for renamed if half of its content is the same. A binary file is
 * a file without lines.
 */
export async function measureChurn(
  { gitDir, commitStart, commitEnd }: CommitSpan,
  environment: GitEnvironment,
  until?: AbortSignal,
): Promise<Churn> {
  const format = ["--numstat", "-z", "-r", "--diff-algorithm=myers"];
  const renames = ["--find-renames=50%", `-l${String(RENAMES_MAX)}`];
  const safe = ["--no-ext-diff", "--no-textconv"];
  const args = ["diff-tree", ...format, ...renames, ...safe, commitStart, commitEnd, "--"];
  const files = readNumstat(await runGit({ gitDir, args, until }, environment));
  const binary = files.filter(({ isBinary }) => isBinary).length;
  const renamed = files.filter(({ isRenamed }) => isRenamed).length;
  return {
    files_changed: files.length,
    insertions: files.reduce((sum, { added }) => sum + added, 0),
    deletions: files.reduce((sum, { removed }) => sum + removed, 0),
    ...(binary === 0 ? {} : { binary_files: binary }),
    ...(renamed === 0 ? {} : { renamed_files: renamed }),
  };
}

interface FileChange {
  readonly added: number;
  readonly removed: number;
  readonly isBinary: boolean;
  readonly isRenamed: boolean;
}

/** `1⇥2⇥name`, or for a renamed file `1⇥2⇥` and then both names; for a binary file git writes dashes. */
function readNumstat(output: string): readonly FileChange[] {
  const parts = output.split("\0");
  const files: FileChange[] = [];
  for (let at = 0; at < parts.length && parts[at] !== ""; at += 1) {
    const [added = "", removed = "", ...name] = (parts[at] ?? "").split("\t");
    const isRenamed = name.join("\t") === "";
    files.push({
      added: countOf(added),
      removed: countOf(removed),
      isBinary: added === "-",
      isRenamed,
    });
    if (isRenamed) at += 2;
  }
  return files;
}

function countOf(text: string): number {
  return text === "-" ? 0 : Number(text);
}
