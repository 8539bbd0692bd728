import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { readEntry } from "./place-entry.ts";
import { type GitEnvironment, runGit } from "./run-git.ts";

/**
 * Overrides every attributes file of a workspace: git records content as it is, and counts lines
 * without instructions.
 */
const ATTRIBUTES = "* -text -eol -ident -filter -working-tree-encoding !diff\n";

/** Appended to the configuration, so it wins: the repository has a work tree, and its user can commit. */
export const AGENT_CONFIG = `[core]
	bare = false
[user]
	name = Agent
	email = agent@localhost
`;

/** All commits have one author and one time, so that equal content has equal hashes. */
const IDENTITY = {
  name: "Counterbalance",
  email: "counterbalance@localhost",
  /** The start of the year 2000, in seconds since 1970. */
  seconds: 946_684_800,
};

export interface FolderCommit {
  readonly gitDir: string;
  /** A folder that no agent can write to. */
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
  readonly parent?: string;
  readonly message: string;
  /** The role that did the work: letters, digits and hyphens. Absent: the harness is the author too. */
  readonly author?: string;
  /** Overwrites secrets in a file; absent if the files can hold none. */
  readonly redactFile?: ((content: Buffer) => Buffer) | undefined;
  /** The files that the parent has and the commit lacks; absent if the commit has only the given files. */
  readonly removed?: readonly string[];
}

/** What `git init --bare --template=` writes. Each window needs two repositories, and a start of git for each. */
const EMPTY_REPOSITORY = {
  HEAD: "ref: refs/heads/main\n",
  config: "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n",
  "info/attributes": ATTRIBUTES,
};

/** Makes an empty repository with nothing but these settings. See gitrepository-layout(5). */
export async function initRepository(gitDir: string): Promise<void> {
  for (const folder of ["info", "objects/info", "objects/pack", "refs/heads", "refs/tags"])
    await mkdir(join(gitDir, folder), { recursive: true });
  for (const [name, text] of Object.entries(EMPTY_REPOSITORY))
    await writeFile(join(gitDir, name), text);
}

/** An agent that broke its repository can have left attributes that take git hours. */
const RESET_SECONDS = 10;

/** Lets an agent work with a bare repository without a configuration in its home. */
export async function openToAgent(
  { gitDir, folder }: Pick<FolderCommit, "gitDir" | "folder">,
  environment: GitEnvironment,
): Promise<void> {
  // The import leaves no index, without which git would call each file deleted.
  const args = ["reset", "--quiet"];
  await runGit({ gitDir, workTree: folder, args, cpuSecondsMax: RESET_SECONDS }, environment);
  await appendFile(join(gitDir, "config"), AGENT_CONFIG);
}

/**
 * Commits the given files to `main` in one start of git, which runs no hooks, reads no ignore files and signs
 * nothing. Resolves to the commit; without a change, it is the parent.
 */
export async function commitFolder(
  commit: FolderCommit,
  environment: GitEnvironment,
): Promise<string> {
  const { gitDir, parent } = commit;
  const args = ["fast-import", "--quiet", "--done"];
  const output = await runGit({ gitDir, args, input: importStream(commit) }, environment);
  const [hash = "", tree, parentTree] = output.split("\n");
  if (parent === undefined || tree !== parentTree) return hash;
  await runGit({ gitDir, args: ["update-ref", "refs/heads/main", parent] }, environment);
  return parent;
}

/** What differs from the parent. */
export interface ChangesCommit extends Omit<FolderCommit, "files"> {
  readonly parent: string;
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Commits what differs from a parent, without reading the other files. */
export async function commitChanges(
  { changed, removed, ...commit }: ChangesCommit,
  environment: GitEnvironment,
): Promise<string> {
  if (changed.length + removed.length === 0) return commit.parent;
  return await commitFolder({ ...commit, files: changed, removed }, environment);
}

/** Writes what `git fast-import` reads: a commit, then the questions for its hash, its tree and its parent's tree. */
async function* importStream({
  folder,
  files,
  parent,
  message,
  author,
  removed,
  redactFile = (content) => content,
}: FolderCommit) {
  yield `commit refs/heads/main\nmark :1\n`;
  if (author !== undefined) {
    yield `author ${author} <${author}@localhost> ${IDENTITY.seconds} +0000\n`;
  }
  yield `committer ${IDENTITY.name} <${IDENTITY.email}> ${IDENTITY.seconds} +0000\n`;
  yield `data ${Buffer.byteLength(message) + 1}\n${message}\n\n`;
  if (parent !== undefined) yield `from ${parent}\n`;
  if (removed === undefined) yield "deleteall\n";
  for (const file of removed ?? []) yield `D ${quoted(file)}\n`;
  for (const file of files) {
    const { mode, content: found } = await readEntry(join(folder, file));
    const content = redactFile(found);
    const name = redactFile(Buffer.from(file)).toString();
    yield `M ${mode} inline ${quoted(name)}\ndata ${content.length}\n`;
    yield content;
    yield "\n";
  }
  yield "\nget-mark :1\n";
  if (parent !== undefined) yield `ls :1 ""\nls ${parent} ""\n`;
  yield "done\n";
}

function quoted(path: string): string {
  return `"${path.replaceAll(/[\\"]/gu, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
}
