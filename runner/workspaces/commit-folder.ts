import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { runGit, type GitEnvironment } from "./run-git.ts";

export interface FolderCommit {
  readonly gitDir: string;
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
  readonly parent?: string;
  readonly message: string;
}

/**
 * Over all attributes that a workspace brings along: content is recorded as it is, and lines are
 * counted as git counts them without instructions.
 */
const ATTRIBUTES = "* -text -eol -ident -filter -working-tree-encoding !diff\n";

/** Makes an empty repository from nothing but these settings. */
export async function initRepository(gitDir: string, environment: GitEnvironment): Promise<void> {
  const args = ["init", "--quiet", "--bare", "--template=", "--initial-branch=main"];
  await runGit({ gitDir, args: [...args, "--object-format=sha1", gitDir] }, environment);
  await mkdir(join(gitDir, "info"), { recursive: true });
  await writeFile(join(gitDir, "info", "attributes"), ATTRIBUTES);
}

/**
 * Commits exactly the given files, in plumbing commands, which run no hooks, ask no ignore files
 * and sign nothing. The parent itself is returned where nothing has changed since.
 */
export async function commitFolder(
  commit: FolderCommit,
  environment: GitEnvironment,
): Promise<string> {
  const git = (args: readonly string[], input?: string) =>
    runGit(
      {
        gitDir: commit.gitDir,
        workTree: commit.folder,
        args,
        ...(input === undefined ? {} : { input }),
      },
      environment,
    );
  await rm(join(commit.gitDir, "index"), { force: true });
  const listed = commit.files.map((file) => `${file}\0`).join("");
  await git(["update-index", "--add", "--remove", "-z", "--stdin"], listed);
  const tree = (await git(["write-tree"])).trim();
  const { parent } = commit;
  if (parent !== undefined) {
    const before = (await git(["rev-parse", "--verify", `${parent}^{tree}`])).trim();
    if (before === tree) return parent;
  }
  const parents = parent === undefined ? [] : ["-p", parent];
  const hash = (await git(["commit-tree", ...parents, "-m", commit.message, tree])).trim();
  await git(["update-ref", "refs/heads/main", hash]);
  return hash;
}
