import { existsSync, readFileSync, statSync } from "node:fs";
import { appendFile, copyFile, cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { listTree, type TreeEntry } from "../../platform/git/list-tree.ts";
import { AGENT_CONFIG, commitChanges, initRepository } from "../../platform/git/repository.ts";
import { type GitEnvironment, GitError, runGit } from "../../platform/git/run-git.ts";
import type { CommandTask } from "../bank/task.ts";

type Place = Pick<CommandTask, "id" | "folder" | "workspace">;

/** A large repository takes longer than the files of a window. */
export const PACK_LIMIT_MS = 30 * 60_000;

/**
 * Makes a bare repository with the objects of a commit and its history, and nothing else: no later
 * commit, no other branch, no tag, no remote and no log of where branches were. Agents have read
 * answers from later objects elsewhere.
 * @returns the commit that the agent starts from: the named one, or one without its agents' settings.
 * @throws ConfigurationError if the repository lacks the commit, or has parts that a workspace can't have.
 */
export async function makeCommitRepository(
  task: Place,
  gitDir: string,
  environment: GitEnvironment,
): Promise<string> {
  const { repo, commit } = task.workspace;
  const source = gitFolderOf(repo);
  await assertUsableCommit(task, source, environment);
  await initRepository(gitDir);
  const pack = path.join(gitDir, "objects", "pack", "pack");
  const revisions = async function* () {
    yield `${commit}\n`;
  };
  const args = ["pack-objects", "--revs", "--quiet", "--no-write-bitmap-index", pack];
  const packing = { gitDir: source, args, input: revisions(), limitMs: PACK_LIMIT_MS };
  await runGit(packing, environment);
  const shallow = path.join(source, "shallow");
  if (existsSync(shallow)) await copyFile(shallow, path.join(gitDir, "shallow"));
  await runGit({ gitDir, args: ["update-ref", "refs/heads/main", commit] }, environment);
  return await withoutAgentSettings(task, gitDir, environment);
}

/** Fills an empty folder with the files of the start, and a repository in which an agent can work. */
export async function checkOutStart(
  gitDir: string,
  folder: string,
  environment: GitEnvironment,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const own = path.join(folder, ".git");
  await cp(gitDir, own, { recursive: true });
  const args = ["checkout", "--quiet", "--force", "main"];
  await runGit({ gitDir: own, workTree: folder, args, limitMs: PACK_LIMIT_MS }, environment);
  for (const name of ["logs", "ORIG_HEAD", "FETCH_HEAD"]) {
    await rm(path.join(own, name), { recursive: true, force: true });
  }
  await appendFile(path.join(own, "config"), AGENT_CONFIG);
}

/** An empty repository that reads the objects of another one. */
export async function borrowRepository(
  lender: string,
  gitDir: string,
  { commit, environment }: { readonly commit: string; readonly environment: GitEnvironment },
): Promise<void> {
  await initRepository(gitDir);
  await appendFile(
    path.join(gitDir, "objects", "info", "alternates"),
    `${path.join(lender, "objects")}\n`,
  );
  const shallow = path.join(lender, "shallow");
  if (existsSync(shallow)) await copyFile(shallow, path.join(gitDir, "shallow"));
  await runGit({ gitDir, args: ["update-ref", "refs/heads/main", commit] }, environment);
}

/** The folder with a repository's own files: `.git`, what its file `.git` names, or the folder itself. */
export function gitFolderOf(repo: string): string {
  const git = path.join(repo, ".git");
  if (!existsSync(git)) return repo;
  if (statSync(git).isDirectory()) return git;
  const named = /^gitdir: (?<folder>.+)$/mu.exec(readFileSync(git, "utf8"))?.groups?.["folder"];
  const own = path.resolve(repo, named ?? "");
  // A linked work tree shares the objects of the repository that it belongs to.
  const common = path.join(own, "commondir");
  return existsSync(common) ? path.resolve(own, readFileSync(common, "utf8").trim()) : own;
}

/** @throws ConfigurationError if the repository lacks the commit, or has parts that a workspace can't have. */
export async function assertUsableCommit(
  { id, folder, workspace: { repo, commit, path: workFolder } }: Place,
  gitDir: string,
  environment: GitEnvironment,
): Promise<void> {
  const refuse = (what: string): ConfigurationError =>
    new ConfigurationError(`${path.join(folder, "task.yaml")}: ${id}: ${what}`);
  const kind = await runGit({ gitDir, args: ["cat-file", "-t", commit] }, environment).catch(
    (error: unknown) => {
      if (error instanceof GitError) return "nothing";
      throw error;
    },
  );
  if (kind.trim() !== "commit") {
    throw refuse(
      `expected "workspace.commit" to be a commit of ${repo}, got ${commit}, which is ${kind.trim()} there. Fetch it, or name another commit.`,
    );
  }
  const tree = await listTree({ gitDir, tree: commit }, environment);
  const modules = tree.filter(({ mode }) => mode === SUBMODULE).map(({ file }) => file);
  if (modules.length > 0) {
    throw refuse(
      `expected a commit without submodules, got ${modules.slice(0, 3).join(", ")}. A workspace has the files of one repository only. Name another commit.`,
    );
  }
  if (workFolder !== "" && !tree.some(({ file }) => file.startsWith(`${workFolder}/`))) {
    throw refuse(
      `expected "workspace.path" to be a folder of the commit, got "${workFolder}". Name another folder.`,
    );
  }
  const large = await findLargeFiles(gitDir, tree, environment);
  if (large !== undefined) {
    throw refuse(
      `expected a commit whose files are all in git, got ${large}, which keeps files in Git LFS. A workspace would have their pointers only. Name another commit.`,
    );
  }
}

const SUBMODULE = "160000";

/** The attributes file that gives a folder's files to Git LFS. */
async function findLargeFiles(
  gitDir: string,
  tree: readonly TreeEntry[],
  environment: GitEnvironment,
): Promise<string | undefined> {
  for (const { file, hash } of tree) {
    if (path.posix.basename(file) !== ".gitattributes") continue;
    const text = await runGit({ gitDir, args: ["cat-file", "blob", hash] }, environment);
    if (/^[^#\n]*\bfilter=lfs\b/mu.test(text)) return file;
  }
  return undefined;
}

/** Folders and files by which a repository changes what an agent does. Instructions in prose stay. */
const AGENT_SETTINGS =
  /(?:^|\/)(?:\.(?:claude|codex|gemini|qwen|opencode|pi|cursor)\/|\.mcp\.json$|opencode\.jsonc?$)/u;
const INSTRUCTIONS = /(?:^|\/)(?:CLAUDE|AGENTS|GEMINI|QWEN)\.md$/u;

/** Commits the start without the settings of agents that the task does not list. */
async function withoutAgentSettings(
  { id, workspace: { commit, agentSettings } }: Place,
  gitDir: string,
  environment: GitEnvironment,
): Promise<string> {
  const tree = await listTree({ gitDir, tree: commit }, environment);
  const isKept = (file: string) =>
    agentSettings.some((kept) => file === kept || file.startsWith(`${kept.replace(/\/+$/u, "")}/`));
  const removed = tree
    .map(({ file }) => file)
    .filter((file) => AGENT_SETTINGS.test(file) && !INSTRUCTIONS.test(file) && !isKept(file));
  if (removed.length === 0) return commit;
  return await commitChanges(
    { gitDir, folder: gitDir, parent: commit, message: `Start of ${id}`, changed: [], removed },
    environment,
  );
}
