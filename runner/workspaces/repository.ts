import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";

import type { Task } from "../bank/task.ts";
import { listWorkTree } from "./list-work-tree.ts";
import { type GitEnvironment, runGit } from "./run-git.ts";

/**
 * Overrides every attributes file of a workspace: git records content as it is, and counts lines
 * without instructions.
 */
const ATTRIBUTES = "* -text -eol -ident -filter -working-tree-encoding !diff\n";

/** Appended to the configuration, so it wins: the repository has a work tree, and its user can commit. */
const AGENT_CONFIG = `[core]
	bare = false
[user]
	name = Agent
	email = agent@localhost
`;

export interface FolderCommit {
  readonly gitDir: string;
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
  readonly parent?: string;
  readonly message: string;
}

/** Makes an empty repository with nothing but these settings. */
async function initRepository(gitDir: string, environment: GitEnvironment): Promise<void> {
  const args = ["init", "--quiet", "--bare", "--template=", "--initial-branch=main"];
  await runGit({ gitDir, args: [...args, "--object-format=sha1", gitDir] }, environment);
  await mkdir(join(gitDir, "info"), { recursive: true });
  await writeFile(join(gitDir, "info", "attributes"), ATTRIBUTES);
}

/** Lets an agent work with a bare repository without a configuration in its home. */
export async function openToAgent(gitDir: string): Promise<void> {
  await appendFile(join(gitDir, "config"), AGENT_CONFIG);
}

/**
 * Commits exactly the given files with plumbing commands, which run no hooks, read no ignore files
 * and sign nothing. Without a change it returns the parent.
 */
export async function commitFolder(
  { gitDir, folder: workTree, files, parent, message }: FolderCommit,
  environment: GitEnvironment,
): Promise<string> {
  const git = async (args: readonly string[], input?: string) =>
    (await runGit({ gitDir, workTree, args, input }, environment)).trim();
  await rm(join(gitDir, "index"), { force: true });
  const listed = files.map((file) => `${file}\0`).join("");
  await git(["update-index", "--add", "--remove", "-z", "--stdin"], listed);
  const tree = await git(["write-tree"]);
  if (parent !== undefined && (await git(["rev-parse", "--verify", `${parent}^{tree}`])) === tree) {
    return parent;
  }
  const parents = parent === undefined ? [] : ["-p", parent];
  const hash = await git(["commit-tree", ...parents, "-m", message, tree]);
  await git(["update-ref", "refs/heads/main", hash]);
  return hash;
}

/**
 * Copies a task's starting files and its feature into a folder and commits them in a new repository.
 * Returns the commit, which depends only on these files.
 */
export async function commitStartOf(
  { task, folder }: { readonly task: Task; readonly folder: string },
  environment: GitEnvironment,
): Promise<string> {
  const gitDir = join(folder, ".git");
  await copyFolder(join(task.folder, "workspace"), folder);
  await mkdir(join(folder, "features"), { recursive: true });
  await writeFile(join(folder, "features", `${task.id}.feature`), task.featureText);
  await initRepository(gitDir, environment);
  const { files } = await listWorkTree(folder, task.solutionPaths);
  const message = `Start of ${task.id}`;
  return await commitFolder({ gitDir, folder, files, message }, environment);
}

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
