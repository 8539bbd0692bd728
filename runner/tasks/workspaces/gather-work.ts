import { mkdir } from "node:fs/promises";

import { listTree } from "../../platform/git/list-tree.ts";
import { type GitEnvironment, GitError, runGit } from "../../platform/git/run-git.ts";
import { endOfReading } from "../../platform/reader/end-of-reading.ts";
import { type LeftOut, LeftOutTally } from "../../platform/reader/left-out.ts";
import { WORK_LIMITS, type WorkLimits } from "./copy-work.ts";
import { listFiles } from "./list-files.ts";
import { readChanges, readModule } from "./read-work.ts";

/** An agent's work, copied into a folder of ours. */
export interface GatheredWork {
  readonly folder: string;
  /** The files and links in it. */
  readonly files: readonly string[];
  /** Files of the commit that it began with, if it began with one, which it lacks. */
  readonly removed: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** An agent's folder, and one of ours that does not exist yet. */
export interface Gathering {
  readonly folder: string;
  readonly to: string;
  readonly limits?: WorkLimits | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Gathers the work on a module: the whole folder, because no rule of the agent hides a file. */
export async function gatherModule(
  { folder, to, limits = WORK_LIMITS, signal }: Gathering,
  solutionPaths: readonly string[],
): Promise<GatheredWork> {
  await mkdir(to);
  const work = { folder, to, solutionPaths, limits };
  const { leftOut } = await readModule(work, { signal, limits });
  return { folder: to, files: await listFiles(to), removed: [], leftOut };
}

interface CommitGathering extends Gathering {
  /** A repository that the agent could not write to, with the commit. */
  readonly gitDir: string;
  readonly commit: string;
}

/**
 * Gathers what differs from a commit, without the agent's own repository. Files that git ignores are left out: setup
 * and builds write them.
 */
export async function gatherChanges(
  gathering: CommitGathering,
  environment: GitEnvironment,
): Promise<GatheredWork> {
  const { gitDir, commit, folder, to, limits = WORK_LIMITS, signal } = gathering;
  await mkdir(to);
  const entries = await listTree({ gitDir, tree: commit }, environment);
  const { added, leftOut: unopened } = await listUntracked(gathering, environment);
  const work = { folder, to, entries, added, limits };
  const { value, leftOut } = await readChanges(work, { signal, limits });
  return {
    folder: to,
    files: await listFiles(to),
    removed: value ?? [],
    leftOut: [...unopened, ...leftOut],
  };
}

/** Git cuts long messages off. */
const UNOPENED = /^warning: could not open directory '(?<name>.*?)(?:': |$)/gmu;

/**
 * Files that the commit lacks and git does not ignore. The rules are those of the work tree itself, and not those of
 * the agent's repository. A repository inside the work tree hides nothing. Their list is null if git gives up, because the
 * agent's rules take too long or there are too many files. No rule then hides a file.
 */
async function listUntracked(
  { gitDir, folder, commit, limits = WORK_LIMITS, signal }: CommitGathering,
  environment: GitEnvironment,
) {
  const unused = new LeftOutTally();
  const onWarning = (said: string) => {
    for (const { groups } of said.matchAll(UNOPENED))
      unused.add("unreadable", groups?.["name"] ?? "");
  };
  try {
    await runGit({ gitDir, args: ["read-tree", commit] }, environment);
    const args = ["ls-files", "--others", "--exclude-standard", "-z"];
    const { ignoreSeconds: cpuSecondsMax, ignoreMs } = limits;
    const until = endOfReading(signal, ignoreMs);
    const listing = { gitDir, workTree: folder, args, until, cpuSecondsMax, onWarning };
    const listed = await runGit(listing, environment);
    const added = listed.split("\0").filter((name) => name !== "" && !isOfGit(name));
    return { added, leftOut: unused.list() };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    unused.add("rules", ".gitignore");
    return { added: null, leftOut: unused.list() };
  }
}

function isOfGit(file: string): boolean {
  return file.split("/").some((part) => part.toLowerCase() === ".git");
}
