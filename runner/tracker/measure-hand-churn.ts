import { existsSync } from "node:fs";
import path from "node:path";

import type { Churn } from "../../ledger/domain/window.ts";
import { measureChurn } from "../workspaces/measure-churn.ts";
import { type GitEnvironment, runGit } from "../workspaces/run-git.ts";
import { rememberRows } from "./agent-state.ts";
import { featureOf, type HandWindow, keyFields, nameOf, rowsOfWindow } from "./hand-window.ts";
import { TrackerUsageError } from "./tracker-errors.ts";
import type { Tracker } from "./tracker.ts";

const DEPTH_MAX = 256;

/** Two commits of a repository; those of the window's completion where they are absent. */
export interface ChurnSpan {
  /** Absolute path of a folder in the repository. */
  readonly repository: string;
  readonly commitStart: string | undefined;
  readonly commitEnd: string | undefined;
}

export interface HandChurn {
  readonly churn: Churn;
  readonly commitStart: string;
  readonly commitEnd: string;
  readonly isThere: boolean;
}

/**
 * Counts what changed in a window and writes it down; measured again, it corrects the first count.
 * @throws TrackerUsageError where there is no repository or no such commit.
 */
export async function measureHandChurn(
  { tracker, environment }: { readonly tracker: Tracker; readonly environment: GitEnvironment },
  key: HandWindow,
  span: ChurnSpan,
): Promise<HandChurn> {
  const { final } = rowsOfWindow(tracker.ledger.view, key);
  const gitDir = findGitFolder(span.repository);
  const ends = {
    "--commit-start": span.commitStart ?? final?.commit_start ?? undefined,
    "--commit-end": span.commitEnd ?? final?.commit_end ?? undefined,
  };
  const [commitStart = "", commitEnd = ""] = await Promise.all(
    Object.entries(ends).map(([option, commit]) => {
      if (commit !== undefined) return resolveCommit({ gitDir, option, commit }, environment);
      throw new TrackerUsageError(
        `${nameOf(key)}: expected ${option}, got none, and the window's completion names none. Write ${option} <commit>.`,
      );
    }),
  );
  const measured = await measureChurn({ gitDir, commitStart, commitEnd }, environment);
  const churn = {
    files_changed: measured.filesChanged,
    insertions: measured.insertions,
    deletions: measured.deletions,
  };
  const isThere = await writeChurn(tracker, key, { churn, commitStart, commitEnd });
  return { churn, commitStart, commitEnd, isThere };
}

async function writeChurn(
  tracker: Tracker,
  key: HandWindow,
  { churn, commitStart, commitEnd }: Omit<HandChurn, "isThere">,
): Promise<boolean> {
  const { written } = await tracker.ledger.write("churn", (view) => {
    const rows = rowsOfWindow(view, key);
    const last = rows.churn;
    if (last?.commit_start === commitStart && last.commit_end === commitEnd) return { rows: [] };
    return {
      rows: [
        {
          record: "churn_measured",
          source: "alias",
          agent_id: tracker.agent,
          ...(last === undefined ? {} : { supersedes: last.id }),
          ...keyFields(key, featureOf(rows)),
          commit_start: commitStart,
          commit_end: commitEnd,
          churn,
        },
      ],
    };
  });
  rememberRows(
    tracker.folder,
    tracker.agent,
    written.map(({ id }) => id),
  );
  return written.length === 0;
}

function findGitFolder(repository: string): string {
  let folder = repository;
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    const candidate = path.join(folder, ".git");
    if (existsSync(candidate)) return candidate;
    if (path.dirname(folder) === folder) break;
    folder = path.dirname(folder);
  }
  throw new TrackerUsageError(
    `--repo ${repository}: expected a folder in a git repository, got one in none. Name the repository with --repo.`,
  );
}

async function resolveCommit(
  { gitDir, option, commit }: { gitDir: string; option: string; commit: string },
  environment: GitEnvironment,
): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`];
  try {
    return (await runGit({ gitDir, args }, environment)).trim();
  } catch (cause) {
    throw new TrackerUsageError(
      `${option} ${commit}: expected a commit of ${path.dirname(gitDir)}, got none of that name. Write its hash.`,
      { cause },
    );
  }
}
