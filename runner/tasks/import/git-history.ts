import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { type GitEnvironment, GitError, runGit } from "../../platform/git/run-git.ts";

/** A repository whose history is read. Nothing in it is changed. */
export interface SourceRepository {
  /** Absolute path of the work tree, or of a bare repository. */
  readonly folder: string;
  readonly gitDir: string;
}

export interface CommitFacts {
  readonly hash: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** Whether its parents are missing from a shallow clone. */
  readonly isCutOff: boolean;
}

/** One file that a commit adds, changes or deletes. A rename is a deletion and an addition. */
export interface ChangedFile {
  readonly path: string;
  readonly status: "added" | "changed" | "deleted";
  /** `file`, or what else git keeps there. */
  readonly kind: "file" | "link" | "submodule";
  readonly isExecutable: boolean;
  readonly isBinary: boolean;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

/** Finds the repository that a folder is in. */
export function openRepository(folder: string): SourceRepository {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const gitDir = gitDirOf(at);
    if (gitDir !== undefined) return { folder: at, gitDir };
    if (at === path.dirname(at)) {
      throw new ConfigurationError(
        `${folder}: expected a git repository, got ${existsSync(folder) ? "a folder outside of every repository" : "nothing"}. ` +
          "Name a clone with --repo.",
      );
    }
  }
}

/** A linked work tree has a file there that names its folder. */
function gitDirOf(folder: string): string | undefined {
  const git = path.join(folder, ".git");
  if (!existsSync(git)) {
    const isBare = ["HEAD", "objects", "refs"].every((name) => existsSync(path.join(folder, name)));
    return isBare ? folder : undefined;
  }
  if (statSync(git).isDirectory()) return git;
  const named = /^gitdir: (?<place>.+)$/mu.exec(readFileSync(git, "utf8"))?.groups?.["place"];
  return named === undefined ? undefined : path.resolve(folder, named);
}

/** The newest commit of the branch that is checked out. */
export const HEAD = "HEAD";

/** Returns the full hash of a commit. */
export async function resolveCommit(
  { gitDir, folder }: SourceRepository,
  name: string,
  environment: GitEnvironment,
): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  try {
    return (await runGit({ gitDir, args }, environment)).trim();
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (name === HEAD) {
      throw new ConfigurationError(
        `${folder}: expected a repository with commits, got one without. Commit its files first.`,
      );
    }
    throw new ConfigurationError(
      `${folder}: expected a commit with the name "${name}", got none. Write a hash, a tag or a branch of this repository.`,
    );
  }
}

const FIELD = "\u0000";
const FORMAT = "--format=%H%x00%P%x00%B%x00";

/** The commits of the first-parent history, newest first. */
export async function listCommits(
  { gitDir }: SourceRepository,
  { from, since, limit }: { from: string; since?: string | undefined; limit: number },
  environment: GitEnvironment,
): Promise<readonly CommitFacts[]> {
  const args = ["log", "--first-parent", "--no-show-signature", "-z", FORMAT, `-n${String(limit)}`];
  if (since !== undefined) args.push(`--since=${since}T00:00:00Z`);
  const output = await runGit({ gitDir, args: [...args, from, "--"] }, environment);
  const fields = output.split(FIELD);
  const shallow = await runGit(
    { gitDir, args: ["rev-parse", "--is-shallow-repository"] },
    environment,
  );
  const commits: CommitFacts[] = [];
  for (let index = 0; index + 3 < fields.length; index += 4) {
    const [hash = "", parents = "", message = ""] = fields.slice(index, index + 3);
    const isCutOff = parents === "" && shallow.trim() === "true";
    commits.push({ hash, parents: parents.split(" ").filter(Boolean), message, isCutOff });
  }
  return commits;
}

/** The text of a file at a commit. */
export async function readAt(
  { gitDir }: SourceRepository,
  at: { readonly commit: string; readonly file: string },
  environment: GitEnvironment,
): Promise<string> {
  const args = ["cat-file", "blob", `${at.commit}:${at.file}`];
  return await runGit({ gitDir, args }, environment);
}

const STATUSES: Readonly<Record<string, ChangedFile["status"]>> = { A: "added", D: "deleted" };
const KINDS: Readonly<Record<string, ChangedFile["kind"]>> = {
  "120000": "link",
  "160000": "submodule",
};

/** What changed from one commit to another. */
export async function listChanges(
  { gitDir }: SourceRepository,
  { parent, commit }: { readonly parent: string; readonly commit: string },
  environment: GitEnvironment,
): Promise<readonly ChangedFile[]> {
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--raw", "--numstat", parent, commit];
  const fields = (await runGit({ gitDir, args }, environment)).split(FIELD).filter(Boolean);
  const counts = new Map<string, readonly string[]>();
  const raws: (readonly [string, string])[] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? "";
    if (field.startsWith(":")) {
      index += 1;
      raws.push([field, fields[index] ?? ""]);
    } else {
      const [added = "", removed = "", file = ""] = field.split("\t");
      counts.set(file, [added, removed]);
    }
  }
  return raws.map(([raw, file]) => changeOf(raw, file, counts.get(file) ?? []));
}

/** Reads e.g. `:100644 100755 HASH HASH M`. Binary files have no numbers of lines. */
function changeOf(raw: string, file: string, [added = "0", removed = "0"]: readonly string[]) {
  const [before = "", after = "", , , letter = ""] = raw.split(" ");
  const mode = after === "000000" ? before.slice(1) : after;
  return {
    path: file,
    status: STATUSES[letter.slice(0, 1)] ?? ("changed" as const),
    kind: KINDS[mode] ?? ("file" as const),
    isExecutable: mode === "100755",
    isBinary: added === "-",
    linesAdded: Number(added) || 0,
    linesRemoved: Number(removed) || 0,
  };
}

/** The difference of some files as a patch that `git apply` takes, binary files too. */
export async function patchOf(
  { gitDir }: SourceRepository,
  { parent, commit, files }: { parent: string; commit: string; files: readonly string[] },
  environment: GitEnvironment,
): Promise<string> {
  if (files.length === 0) return "";
  const args = [
    "--literal-pathspecs",
    "diff",
    "--binary",
    "--full-index",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    parent,
    commit,
    "--",
    ...files,
  ];
  return await runGit({ gitDir, args }, environment);
}

/** The words among these that some text file of a commit has. */
export async function wordsAt(
  { gitDir }: SourceRepository,
  { commit, words }: { readonly commit: string; readonly words: readonly string[] },
  environment: GitEnvironment,
): Promise<ReadonlySet<string>> {
  if (words.length === 0) return new Set();
  const patterns = words.flatMap((word) => ["-e", word]);
  const args = ["grep", "-I", "-h", "-o", "-w", "-F", ...patterns, commit, "--"];
  try {
    const found = await runGit({ gitDir, args }, environment);
    return new Set(found.split("\n").filter(Boolean));
  } catch {
    // It ends with 1 if no file has any of them.
    return new Set();
  }
}
