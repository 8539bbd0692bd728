import { existsSync } from "node:fs";
import path from "node:path";

import { type GitEnvironment, GitError, runGit } from "../../platform/git/run-git.ts";
import { measureChurn } from "../../tasks/workspaces/measure-churn.ts";
import { featureOf, keyFields, type ManualWindow, nameOf, rowsOfWindow } from "./manual-window.ts";
import { TrackerUsageError } from "./tracker-errors.ts";
import { type Tracker, writeAndRemember } from "./tracker.ts";

/** Two commits of a repository; an absent one is that of the window's completion. */
export interface ChurnSpan {
  /** Absolute path of a folder in the repository. */
  readonly repository: string;
  readonly commitStart: string | undefined;
  readonly commitEnd: string | undefined;
  /** How many acceptance scenarios the feature has; absent: as in the previous count. */
  readonly scenarios?: number | undefined;
}

/**
 * Counts what changed in a window and writes it down. Another count corrects the first.
 * `isThere` says that the ledger had the churn between these commits already, and nothing was written.
 * @throws TrackerUsageError if there is no repository or no such commit.
 */
export async function measureManualChurn(
  { tracker, environment }: { readonly tracker: Tracker; readonly environment: GitEnvironment },
  key: ManualWindow,
  span: ChurnSpan,
) {
  const { final } = rowsOfWindow(tracker.ledger.view, key);
  const gitDir = findGitFolder(span.repository);
  const resolve = async (option: string, commit: string | null | undefined) => {
    if (typeof commit === "string")
      return await resolveCommit({ gitDir, option, commit }, environment);
    throw new TrackerUsageError(
      `${nameOf(key)}: expected ${option}, got none, and the window's completion names none. Write ${option} <commit>.`,
    );
  };
  // One after the other, so that the first of two wrong commits is the one that is named.
  const commitStart = await resolve("--commit-start", span.commitStart ?? final?.commit_start);
  const commitEnd = await resolve("--commit-end", span.commitEnd ?? final?.commit_end);
  const churn = await measureChurn({ gitDir, commitStart, commitEnd }, environment);
  const between = ["rev-list", "--count", `${commitStart}..${commitEnd}`, "--"];
  const commits = Number(await runGit({ gitDir, args: between }, environment));
  // Everything that leads to the end is there at the start already.
  if (commits === 0 && commitStart !== commitEnd) {
    throw new TrackerUsageError(
      `--commit-end: expected a commit after ${commitStart}, got ${commitEnd}, which comes before it. Swap them.`,
    );
  }
  const { plan, written } = await writeAndRemember(tracker, "churn", (view) => {
    const rows = rowsOfWindow(view, key);
    const last = rows.churn;
    const scenarios = span.scenarios ?? last?.scenarios;
    const isSame = last?.commit_start === commitStart && last.commit_end === commitEnd;
    if (isSame && last.scenarios === scenarios) return { rows: [], scenarios };
    const row = {
      record: "churn_measured",
      ...(last === undefined ? {} : { supersedes: last.id }),
      ...keyFields(key, featureOf(rows)),
      commit_start: commitStart,
      commit_end: commitEnd,
      churn,
      commits,
      ...(scenarios === undefined ? {} : { scenarios }),
    };
    return { rows: [row], scenarios };
  });
  const { scenarios } = plan;
  return { churn, scenarios, commitStart, commitEnd, isThere: written.length === 0 };
}

function findGitFolder(repository: string): string {
  for (let folder = repository; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, ".git");
    if (existsSync(candidate)) return candidate;
    if (path.dirname(folder) === folder) break;
  }
  throw new TrackerUsageError(
    `--repo ${repository}: expected a folder in a git repository, got one outside. Name the repository with --repo.`,
  );
}

/**
 * Returns the hash of a commit by any name that git knows.
 * @throws TrackerUsageError if there is no repository or no such commit.
 */
export async function resolveCommitOf(
  repository: string,
  asked: { readonly option: string; readonly commit: string },
  environment: GitEnvironment,
): Promise<string> {
  return await resolveCommit({ gitDir: findGitFolder(repository), ...asked }, environment);
}

async function resolveCommit(
  { gitDir, option, commit }: { gitDir: string; option: string; commit: string },
  environment: GitEnvironment,
): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`];
  try {
    return (await runGit({ gitDir, args }, environment)).trim();
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    throw new TrackerUsageError(
      `${option} ${commit}: expected a commit of ${path.dirname(gitDir)}, got an unknown one. Write its hash.`,
      { cause },
    );
  }
}
