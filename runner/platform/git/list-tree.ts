import { type GitEnvironment, runGit } from "./run-git.ts";

/** A file of a commit. */
export interface TreeEntry {
  readonly mode: string;
  readonly hash: string;
  readonly bytes: number;
  readonly file: string;
}

/** The files of a tree. */
export async function listTree(
  { gitDir, tree }: { readonly gitDir: string; readonly tree: string },
  environment: GitEnvironment,
): Promise<readonly TreeEntry[]> {
  const args = ["ls-tree", "-r", "-l", "-z", tree];
  const lines = (await runGit({ gitDir, args }, environment)).split("\0").filter(Boolean);
  return lines.map((line) => {
    const tab = line.indexOf("\t");
    const [mode = "", , hash = "", bytes = ""] = line.slice(0, tab).split(/\s+/u);
    return { mode, hash, bytes: Number(bytes), file: line.slice(tab + 1) };
  });
}
